import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

/** The lab's own; Node 20 has no WebSocket. */
const { WebSocket } = createRequire(import.meta.resolve('@servelab/lab'))('undici');
const LIST = 'http://127.0.0.1:9229/json/list';
const INTERVAL_US = 200;
const LONGEST_START_MS = 3000;

/**
 * A profile of V8 of a process of Node that was started without a profiler, by SIGUSR1 and the inspector's protocol.
 *
 * @param {number} pid
 * @param {number} seconds
 * @returns {Promise<{nodes: object[], samples: number[], timeDeltas: number[]}>} in the form of `--cpu-prof`
 */
export async function recordProfile(pid, seconds) {
  if ((await targets()) !== undefined)
    throw new Error(`${LIST} is taken: another process is being inspected`);
  process.kill(pid, 'SIGUSR1');
  const call = await connect(await whenListed());
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await call('Profiler.start');
  await sleep(seconds * 1000);
  const { profile } = await call('Profiler.stop');
  // The next process listens at the same port.
  const expression = "process.getBuiltinModule('inspector').close()";
  call('Runtime.evaluate', { expression }).catch(() => {});
  for (const end = Date.now() + LONGEST_START_MS; (await targets()) !== undefined; ) {
    if (Date.now() > end) throw new Error(`process ${pid} does not close its inspector`);
    await sleep(50);
  }
  return profile;
}

const targets = () =>
  fetch(LIST).then(
    (response) => response.json(),
    () => undefined,
  );

async function whenListed() {
  for (const end = Date.now() + LONGEST_START_MS; Date.now() < end; await sleep(50)) {
    const [target] = (await targets()) ?? [];
    if (target !== undefined) return target.webSocketDebuggerUrl;
  }
  throw new Error(`nothing listens at ${LIST}`);
}

/** @returns a function that calls a method of the inspector's protocol and gives its result */
async function connect(url) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const waiting = new Map();
  let calls = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error === undefined) resolve?.(result);
    else reject?.(new Error(error.message));
  });
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });
}
