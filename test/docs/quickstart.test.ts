import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@servelab/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';
import { containersMissing } from '../fixtures/docker.js';
import { K6_MISSING, obtainLocust } from '../fixtures/load-tools.js';
import { OWN_NETWORK_MISSING } from '../fixtures/own-network.js';
import { peerMissing, peerStackFor } from '../fixtures/peers.js';
import { runServelab } from '../fixtures/run-servelab.js';
import { commandLines } from './commands.js';
import { textOf } from './pages.js';
import { quickstartBlocks } from './quickstart-blocks.js';
import { runBlock } from './run-block.js';

const BLOCKS = quickstartBlocks();

/** The commands of a block that this file runs. */
function block(name: string): string {
  const found = BLOCKS.find(({ mark }) => mark?.kind === 'run' && mark.name === name);
  if (found === undefined) throw new Error(`the page has no block "run: ${name}"`);
  return found.commands;
}

/** Why the model or the images cannot be had; null where they lie in the cache, as an isolated block needs them. */
async function cacheMissing(): Promise<string | null> {
  for (const words of [['model', 'pull'], ['images']]) {
    const { code, stderr } = await runServelab(words);
    if (code !== 0) return `servelab ${words.join(' ')}: ${stderr.trim()}`;
  }
  return null;
}

/** What /predict has answered among what a block printed. */
function answerIn(printed: string) {
  const [json = 'null'] = /\{"predictions":.*\}/.exec(printed) ?? [];
  return JSON.parse(json) as unknown;
}

const ANSWER = {
  predictions: Array.from({ length: 5 }, () => ({
    class_id: expect.any(Number),
    class_name: expect.stringMatching(/^[a-z]/i),
    confidence: expect.any(Number),
  })),
  top_prediction: expect.stringMatching(/^[a-z]/i),
};

describe('each block of the quick start', () => {
  it('says whether it is run, where, or why not', () => {
    expect(BLOCKS.length).toBeGreaterThan(0);
    expect(BLOCKS.filter(({ mark }) => mark === null).map(({ commands }) => commands)).toEqual([]);
  });

  it('that a test runs has one here', () => {
    const names = BLOCKS.flatMap(({ mark }) => (mark?.kind === 'run' ? [mark.name] : []));
    expect(names).toEqual(['serve', 'loadtest', 'container']);
  });

  it('that CI runs stands in .ci/run', () => {
    const byCi = BLOCKS.filter(({ mark }) => mark?.kind === 'run by CI');
    const lines = byCi.flatMap(({ commands }) => commandLines(commands));
    expect(lines).toContain('make bench');
    const withoutVariables = (line: string) => line.replace(/^(?:[A-Z_]+=\S* )+/, '');
    const run = new Set(commandLines(textOf('.ci/run')).map(withoutVariables));
    expect(lines.filter((line) => !run.has(line))).toEqual([]);
  });
});

it('a block that fails leaves nothing running', async ({ skip }) => {
  if (OWN_NETWORK_MISSING !== null) return skip(OWN_NETWORK_MISSING);
  const failing = runBlock('setsid sleep 600 & echo "left $!"; false', { isolated: true });
  const words = await failing.then(
    () => 'it did not fail',
    ({ message }: Error) => message,
  );
  const pid = /left (\d+)/.exec(words)?.[1];
  expect(pid, words).toBeDefined();
  // That of a process which has been ended, but not yet been waited for, is empty.
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
});

describe('run: serve', () => {
  it('serves the model, answers with classes, and ends', async ({ skip }) => {
    const missing = OWN_NETWORK_MISSING ?? (await cacheMissing());
    if (missing !== null) return skip(missing);
    const printed = await runBlock(block('serve'), { isolated: true });
    expect(answerIn(printed)).toMatchObject(ANSWER);
  });
});

describe('run: loadtest', () => {
  const REPORTS = ['loadtest_report.md', 'locust_report/report.html', 'k6_report/report.html'];

  it('loads a framework by three tools, each of which writes its report', async ({ skip }) => {
    const missing = OWN_NETWORK_MISSING ?? peerMissing('fastapi') ?? K6_MISSING ?? (await cacheMissing());
    if (missing !== null) return skip(missing);
    const found = await obtainLocust();
    if ('missing' in found) return skip(found.missing);
    // With its Keras model.
    await peerStackFor('fastapi/seeds');
    const startedMs = Date.now();
    const environment = { DURATION_PER_LEVEL: '1s', CONCURRENCY_LEVELS: '1 2' };
    await runBlock(block('loadtest'), { environment, isolated: true });
    for (const report of REPORTS) {
      expect((await stat(join(CHECKOUT, 'tmp', report))).mtimeMs, report).toBeGreaterThan(startedMs);
    }
    const rows = textOf('tmp/loadtest_report.md').match(/^\| fastapi\/seeds \| [12] \|.*$/gm);
    expect(rows).toHaveLength(2);
    // None of what was answered was an error; on a machine that is busy nothing may be, within the second.
    for (const row of rows ?? []) expect(row).toMatch(/\| (0\.00 %|-) \| \d+ \|$/);
  });
});

describe('run: container', () => {
  const IMAGE = `servelab/servelab:${JSON.parse(textOf('package.json')).version}`;
  let name: string | undefined;
  afterEach(() => {
    if (name !== undefined) spawnSync('docker', ['rm', '--force', name]);
  });

  it('serves from the image, answers with classes, and ends', async ({ skip }) => {
    const missing = containersMissing(IMAGE) ?? (await cacheMissing());
    if (missing !== null) return skip(missing);
    const port = await freePort();
    name = `servelab-quickstart-${randomUUID()}`;
    // What runs at 8080, or is called servelab, is somebody else's.
    const commands = block('container')
      .replace('--name servelab ', `--name ${name} `)
      .replace('docker stop servelab', `docker stop ${name}`)
      .replace('--publish 8080:', `--publish ${port}:`)
      .replaceAll('localhost:8080', `localhost:${port}`);
    expect(answerIn(await runBlock(commands, {}))).toMatchObject(ANSWER);
    const gone = () => expect(spawnSync('docker', ['container', 'inspect', `${name}`]).status).not.toBe(0);
    await vi.waitFor(gone, { timeout: 60_000, interval: 100 });
  });
});
