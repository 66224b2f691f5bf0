import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KNOWN_PORTS } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { K6_MISSING, K6_SCRIPT } from '../fixtures/load-tools.js';

const run = promisify(execFile);

interface Inspected {
  readonly scenarios: Record<string, Record<string, unknown>>;
  readonly thresholds: Record<string, string[]>;
}

let image: string;
beforeAll(async () => {
  image = join(await mkdtemp(join(tmpdir(), 'servelab-k6-')), 'image.jpg');
  await writeFile(image, IMAGES.jpeg);
});
afterAll(() => rm(join(image, '..'), { recursive: true }));

/** What k6 understands of the script with these variables. */
async function inspect(variables: Readonly<Record<string, string>>): Promise<Inspected> {
  const words = Object.entries({ IMAGES: image, ...variables }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const { stdout } = await run('k6', ['inspect', ...words, K6_SCRIPT]);
  return JSON.parse(stdout) as Inspected;
}

describe('the k6 script', () => {
  it.skipIf(K6_MISSING !== null).each(KNOWN_PORTS)('takes $name for a stack', async ({ name }) => {
    await expect(inspect({ STACK: name })).resolves.toHaveProperty('scenarios.closed');
  });

  it('is a closed loop of users unless a rate is given', async ({ skip }) => {
    if (K6_MISSING !== null) skip(K6_MISSING);
    const { scenarios, thresholds } = await inspect({
      USERS: '5',
      WARMUP: '1',
      DURATION: '4',
      P95_MS: '250',
    });
    expect(scenarios.closed).toMatchObject({ executor: 'constant-vus', vus: 5, duration: '5s' });
    expect(thresholds['http_req_duration{phase:measured}']).toEqual(['p(95)<250']);
    expect(thresholds['http_req_failed{phase:measured}']).toEqual(['rate<0.01']);
  });

  it('is an open loop at a rate, half a request a second included', async ({ skip }) => {
    if (K6_MISSING !== null) skip(K6_MISSING);
    const { scenarios } = await inspect({ RATE: '0.5' });
    expect(scenarios.open).toMatchObject({
      executor: 'constant-arrival-rate',
      rate: 30,
      timeUnit: '1m0s',
      maxVUs: 50,
    });
  });

  it.skipIf(K6_MISSING !== null).each([
    [{ STACK: 'flask' }, 'use one of servelab, bentoml'],
    [{ USERS: 'many' }, 'which is not a number'],
    [{ IMAGES: '' }, 'IMAGES names no folder'],
  ])('refuses %j and says why', async (variables, words) => {
    await expect(inspect(variables)).rejects.toThrow(words);
  });
});
