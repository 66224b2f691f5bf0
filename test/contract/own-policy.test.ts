import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { rawRequest } from '../fixtures/request-body.js';
import { runServelab } from '../fixtures/run-servelab.js';
import { ServelabProcess } from '../fixtures/served-process.js';

const TEMPLATE = fileURLToPath(new URL('../../examples/my-policy.mjs', import.meta.url));
const SIMULATED = ['--port', '0', '--runtime', 'simulated', '--cost', 'ort-int8', '--workers', '1'];

let folder: string;
let server: ServelabProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-policy-'));
});
afterEach(async () => {
  await server?.kill();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function serve(policy: string): Promise<string> {
  server = new ServelabProcess(['serve', '--policy', policy, ...SIMULATED]);
  return await server.listening();
}

async function module(text: string, name = 'mine.mjs'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const predict = (url: string) => fetch(`${url}/predict`, { method: 'POST', ...rawRequest(IMAGES.jpeg) });
const json = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>;

it('the template serves, and explains its batches', async () => {
  const url = await serve(TEMPLATE);
  const answers = await Promise.all(Array.from({ length: 9 }, () => predict(url)));
  expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(200));
  const { batches } = (await json(`${url}/debug/batches`)) as { batches: { size: number; rule: string }[] };
  expect(Math.max(...batches.map(({ size }) => size))).toBe(2);
  expect(new Set(batches.map(({ rule }) => rule))).toEqual(new Set(['pair', 'alone']));
  expect(await json(`${url}/debug/policy`)).toEqual({ policy: 'pairs' });
  expect(await json(`${url}/health`)).toMatchObject({ policy: 'pairs' });
});

it('a policy may have work done in the background: its result comes as an event', async () => {
  const task = await module('export default (n) => 2 * n;', 'task.mjs');
  const url = await serve(
    await module(`import pairs from '${pathToFileURL(TEMPLATE).href}';
      export default (options) => {
        const inputs = [21];
        let result = null;
        return {
          ...pairs(options),
          observe(event) { if (event.kind === 'task-done') result = event.result; },
          backgroundTask: {
            module: '${pathToFileURL(task).href}',
            run: (n) => 2 * n,
            next: () => inputs.pop(),
          },
          explain: () => ({ result }),
        };
      };`),
  );
  await expect.poll(() => json(`${url}/debug/policy`), { timeout: 60_000 }).toMatchObject({ result: 42 });
  expect((await predict(url)).status).toBe(200);
});

describe('a policy that misbehaves loses no image: greedy goes on, and the server says so', () => {
  const behaving = `name: 'mine', observe() {}`;
  it.each([
    ['throws', `{ ${behaving}, decide() { throw new Error('no idea'); } }`, 'no idea'],
    [
      'throws when it is told something',
      `{ name: 'mine', observe() { throw new Error('deaf'); }, decide: () => ({ form: [], start: [], shed: [] }) }`,
      'deaf',
    ],
    [
      'invents an image',
      `{ ${behaving}, decide: (view) => ({ form: [{ ids: [99], reason: 'x' }], start: [], shed: [], wakeAtUs: 1e15 }) }`,
      'unknown-image',
    ],
    ['answers nothing', `{ ${behaving}, decide() {} }`, 'the policy failed'],
  ])('%s', async (_name, policy, words) => {
    const url = await serve(await module(`export default () => (${policy});`));
    const answers = await Promise.all(Array.from({ length: 12 }, () => predict(url)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(await json(`${url}/health`)).toMatchObject({ status: 'ok', policy: 'greedy' });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('servelab_policy_failures_total 1');
    server?.signal('SIGTERM');
    expect((await server?.ended())?.stderr).toContain(words);
  });
});

describe('what is no policy is refused before anything starts', () => {
  it.each([
    ['a name that does not exist', async () => 'clever', 2, 'there is no policy "clever"'],
    ['a file that does not exist', async () => './none.mjs', 3, 'the policy ./none.mjs cannot be loaded'],
    ['a module without a function', () => module('export default 5;'), 2, 'does not export a function'],
    ['a function that makes none', () => module('export default () => ({});'), 2, 'makes no policy'],
    ['a module that does not parse', () => module('export default ('), 3, 'cannot be loaded'],
  ])('%s', async (_name, policy, code, words) => {
    const finished = await runServelab(['serve', '--policy', await policy(), ...SIMULATED]);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toContain(words);
    expect(finished.stderr).toContain('fix: ');
    expect(finished.stderr).not.toMatch(/^\s+at /m);
  });
});
