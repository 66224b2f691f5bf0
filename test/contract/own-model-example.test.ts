import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ImagePrediction, UserError } from '@servelab/core';
import { install } from '@servelab/lab';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawRequest } from '../fixtures/request-body.js';
import { runServelab } from '../fixtures/run-servelab.js';
import { ServelabProcess } from '../fixtures/served-process.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/own-model', import.meta.url));

/** Python with what the example asks for, from its lock, into the cache, once; or the reason why there is none. */
async function obtainPython(): Promise<{ path: string } | { missing: string }> {
  try {
    const { folder } = await install({
      name: 'own-model',
      lockPath: join(EXAMPLE, 'requirements.lock'),
      environment: process.env,
      signal: new AbortController().signal,
      showProgress: false,
      onEvent: () => {},
    });
    return { path: join(folder, 'bin', 'python') };
  } catch (error) {
    if (error instanceof UserError) return { missing: `scikit-learn: ${error.message.split('\n')[0]}` };
    throw error;
  }
}

const python = await obtainPython();
let folder: string;
let server: ServelabProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-digits-'));
});
afterAll(async () => {
  await server?.kill();
  await rm(folder, { recursive: true, force: true });
});

it('the example of docs/your-model.md trains, is added, and answers as scikit-learn does', async ({
  skip,
}) => {
  if ('missing' in python) return skip(python.missing);
  const made = await promisify(execFile)(python.path, [join(EXAMPLE, 'make-model.py'), folder]);
  expect(Number(/right on ([\d.]+)%/.exec(made.stdout)?.[1])).toBeGreaterThan(95);

  const environment = { SERVELAB_CACHE_DIR: join(folder, 'cache') };
  const added = await runServelab(['model', 'add', join(folder, 'digits.yaml')], { environment });
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^digits +ready/) });
  server = new ServelabProcess(['serve', '--model', 'digits', '--port', '0', '--workers', '1'], environment);
  const url = await server.listening();

  const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Record<
    string,
    number[]
  >;
  let right = 0;
  for (const [digit, [file, probabilities]] of Object.entries(expected).entries()) {
    const request = rawRequest(await readFile(join(folder, file)), 'image/png');
    const answer = await fetch(`${url}/predict`, { method: 'POST', ...request });
    const { predictions } = (await answer.json()) as ImagePrediction;
    expect(predictions).toHaveLength(3);
    for (const { class_id, class_name, confidence } of predictions) {
      expect(class_name).toBe(String(class_id));
      expect(confidence).toBeCloseTo(probabilities[class_id] ?? Number.NaN, 4);
    }
    if (predictions[0]?.class_id === digit) right++;
  }
  expect(right).toBeGreaterThanOrEqual(9);
});
