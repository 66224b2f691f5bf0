// Where the time of a request goes: processor time of the server's main process and of its worker by thread and by
// function, garbage collection, context switches, and bytes that pass through the kernel. Server on one core, client on
// the other; closed loop, one 224x224 JPEG of some 24 kB as multipart.
//
//   node bench/profile.mjs [--model none|int8|f32] [--concurrency 32] [--warm-up 10] [--seconds 8] [--top 20] [--workers 1]
//                          [--base CHECKOUT]
//
// --base profiles the servelab of another checkout, installed and built, instead. V8's profiler is switched on in each
// process in turn (SIGUSR1 and the inspector's protocol, on port 9229), after the rest was measured without it.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { driveClosed } from './drive-load.mjs';
import { timesIn, workersOf } from './processor-time.mjs';
import { recordProfile } from './record-profile.mjs';
import { sampleJpeg } from './sample-images.mjs';
import { modelFlags, NO_MODEL, ROOT, serveArguments, withServerProcess } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'none' },
    concurrency: { type: 'string', default: '32' },
    'warm-up': { type: 'string', default: '10' },
    seconds: { type: 'string', default: '8' },
    top: { type: 'string', default: '20' },
    workers: { type: 'string', default: '1' },
    base: { type: 'string', default: ROOT },
  },
});
/** Before and after the profile of a process, in which its profiler is started and its profile is fetched. */
const MARGIN_S = 4;

/** What the kernel has counted for a process so far. */
async function countsOf(pid) {
  const names = await readdir(`/proc/${pid}/task`);
  const threads = await Promise.all(names.map((thread) => threadCounts(`/proc/${pid}/task/${thread}`)));
  const io = await readFile(`/proc/${pid}/io`, 'utf8');
  const readBytes = Number(/^rchar: (\d+)$/m.exec(io)[1]);
  const writtenBytes = Number(/^wchar: (\d+)$/m.exec(io)[1]);
  return { threads, readBytes, writtenBytes };
}

async function threadCounts(folder) {
  const status = await readFile(`${folder}/status`, 'utf8');
  return {
    id: Number(folder.split('/').at(-1)),
    ...(await timesIn(folder)),
    waited: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)[1]),
    preempted: Number(/^nonvoluntary_ctxt_switches:\s+(\d+)/m.exec(status)[1]),
  };
}

function printCounts(title, before, after, requests) {
  const perRequest = (number) => (number / requests).toFixed(3);
  console.log(`\n${title}: ${requests} requests; a request:\n`);
  console.log('| thread | user, ms | system, ms | switches, waiting | switches, preempted |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const thread of after.threads) {
    const first = before.threads.find(({ id }) => id === thread.id);
    const of = (field) => perRequest(thread[field] - (first?.[field] ?? 0));
    if (Number(of('userMs')) + Number(of('systemMs')) < 0.001) continue;
    const cells = [thread.name, of('userMs'), of('systemMs'), of('waited'), of('preempted')];
    console.log(`| ${cells.join(' | ')} |`);
  }
  const kb = (field) => ((after[field] - before[field]) / requests / 1000).toFixed(1);
  console.log(`\nread from the kernel ${kb('readBytes')} kB, written to it ${kb('writtenBytes')} kB`);
}

/** Self time of each function in the samples of a profile, as a share of the time that was not idle. */
function printFunctions(title, { nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const selfUs = new Map();
  let busyUs = 0;
  samples.forEach((id, at) => {
    const { functionName, url, lineNumber } = byId.get(id);
    if (functionName === '(idle)') return;
    busyUs += timeDeltas[at];
    const where = url.replace(/^.*\/(packages|node_modules)\//, '').replace('file://', '');
    const name = functionName || '(anonymous)';
    const key = url === '' ? name : `${name} ${where}:${lineNumber + 1}`;
    selfUs.set(key, (selfUs.get(key) ?? 0) + timeDeltas[at]);
  });
  console.log(`\n${title} by function (self time, share of the busy time):\n`);
  console.log('| function | % |');
  console.log('| --- | ---: |');
  const falling = [...selfUs].sort(([, one], [, other]) => other - one);
  for (const [key, us] of falling.slice(0, Number(values.top))) {
    console.log(`| ${key} | ${((100 * us) / busyUs).toFixed(1)} |`);
  }
}

await withFolder(async (folder) => {
  const [path, costPath] = [join(folder, 'photograph.jpg'), join(folder, 'cost.json')];
  await writeFile(path, await sampleJpeg(224, 224));
  await writeFile(costPath, JSON.stringify(NO_MODEL));
  const flags = ['--workers', values.workers, '--policy', 'none', '--log-level', 'error'];
  const program = serveArguments(values.base, [...flags, ...modelFlags(values.model, costPath)]);
  await withServerProcess(program, {}, async (url, main) => {
    const images = [{ path, expectedClass: null }];
    const [concurrency, seconds] = [Number(values.concurrency), Number(values.seconds)];
    const drive = (durationS) =>
      driveClosed({ url, images, body: 'multipart', concurrency, durationS, folder });
    // Until Node has compiled the code of a request to its best: some thousands of requests.
    await drive(Number(values['warm-up']));
    const [worker] = await workersOf(main);
    const processes = { 'main process': main, ...(worker !== undefined && { worker }) };
    const look = () => Promise.all(Object.values(processes).map(countsOf));
    const before = await look();
    const { counts, startedUs, endedUs } = await drive(seconds);
    const after = await look();
    console.log(`${(counts.ok / ((endedUs - startedUs) / 1e6)).toFixed(0)} requests/s`);
    Object.keys(processes).forEach((title, n) => {
      printCounts(title, before[n], after[n], counts.ok);
    });
    for (const [title, pid] of Object.entries(processes)) {
      const load = drive(seconds + 2 * MARGIN_S);
      printFunctions(title, await recordProfile(pid, seconds));
      await load;
    }
  });
});
