import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';
import { containersMissing } from '../fixtures/docker.js';

/** Where the weights and photographs lie beside the checkout, if they do; otherwise they are fetched. */
const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
const BASE = 'node:22-bookworm-slim';
const IMAGE = 'servelab-test/new-machine';
const run = promisify(execFile);

const LACKING = lacking();

/** The README's commands, cut short. */
const BENCH = 'make bench ARGS="--repeats 1 --duration 500ms --stacks servelab:none,servelab:optimal"';
const TEST = 'make test TESTS="packages/core packages/serve/src/schedule packages/serve/src/http"';

const docker = (...words: string[]) => run('docker', words, { maxBuffer: 2 ** 26 });
let container: string;

/** Runs a script in the clone on the new machine; gives what it printed. */
async function there(script: string): Promise<string> {
  const words = ['exec', '--workdir', '/work/servelab', container, 'bash', '-euo', 'pipefail', '-c', script];
  const { stdout, stderr } = await docker(...words);
  return stdout + stderr;
}

describe.skipIf(LACKING !== null)(`a new machine with Node, git and make (${LACKING ?? 'Docker'})`, () => {
  beforeAll(async () => {
    const file = `FROM ${BASE}\nRUN apt-get update && apt-get install --yes --no-install-recommends git make\n`;
    const building = docker('build', '--tag', IMAGE, '-');
    building.child.stdin?.end(file);
    await building;
    const volumes = [`${CHECKOUT}:/origin:ro`, ...(existsSync(SHARED) ? [`${SHARED}:/work/shared:ro`] : [])];
    const words = volumes.flatMap((volume) => ['--volume', volume]);
    const { stdout } = await docker('run', '--detach', '--rm', ...words, IMAGE, 'sleep', '1800');
    container = stdout.trim();
    const clone = ['git', '-c', 'safe.directory=*', 'clone', '--quiet', '/origin', '/work/servelab'];
    await docker('exec', container, ...clone);
  });
  afterAll(async () => {
    if (container !== undefined) await docker('rm', '--force', container);
    await docker('image', 'rm', IMAGE);
  });

  it('is told to run these', async () => {
    const readme = await readFile(join(CHECKOUT, 'README.md'), 'utf8');
    const [, commands = ''] = /```\n(.*?)```/s.exec(readme) ?? [];
    for (const command of ['make bench', 'make test'])
      expect(commands).toMatch(new RegExp(`^${command} `, 'm'));
  });

  it('compares ways of batching, and writes the report', async () => {
    expect(await there(`${BENCH}\nls runs/*/report.html`)).toMatch(/verdict: .*\nruns\/\S+report\.html/s);
  });

  it('runs the checks and the tests', async () => {
    expect(await there(TEST)).toMatch(/\n[1-9]\d* passed, 0 failed/);
  });

  it('says what is missing for the frameworks', async () => {
    const said = await there('make peers 2>&1 || echo "ended with $?"');
    expect(said).toMatch(/fix: .*(Python 3\.11|uv)/);
    expect(said).toContain('ended with 2');
  });
});

/** Why nothing of this can be run here; null where it can. */
function lacking(): string | null {
  const isRepository = spawnSync('git', ['-C', CHECKOUT, 'rev-parse', 'HEAD']).status === 0;
  return isRepository ? containersMissing(BASE) : 'the checkout is no git repository';
}
