import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pointSchema } from '@servelab/core/report-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeTerminal } from '../fixtures/fake-terminal.js';
import { startTarget, type Target } from '../oracles/target.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const HAS_SCRIPT = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const [COLUMNS, ROWS] = [64, 20];
const CTRL_C = '\u0003';

describe.skipIf(!HAS_SCRIPT)('servelab load on a terminal (needs script, of util-linux)', () => {
  let target: Target;
  let folder: string;
  beforeAll(async () => {
    target = await startTarget('../fixtures/delayed-server.mjs', '5');
    folder = await mkdtemp(join(tmpdir(), 'servelab-live-'));
  });
  afterAll(async () => {
    await target.stop();
    await rm(folder, { recursive: true, force: true });
  });

  interface Session {
    readonly args: string;
    readonly environment: Readonly<Record<string, string>>;
    /** Keys to press, once, when the terminal shows this. */
    readonly press?: { readonly keys: string; readonly when: RegExp };
  }

  /** Runs a load in a real pseudo-terminal and looks at what it shows after everything that is written. */
  async function load({ args, environment, press }: Session) {
    // Node takes its colours from these as well as from TERM: a machine of CI has none.
    const { FORCE_COLOR: _forced, CI: _ci, ...inherited } = process.env;
    const command = `"${process.execPath}" "${MAIN}" load ${target.url} --image "${target.imagePath}" ${args}`;
    const child = spawn(
      'script',
      ['-qec', `stty cols ${COLUMNS} rows ${ROWS}; exec ${command}`, '/dev/null'],
      { cwd: folder, env: { ...inherited, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const terminal = new FakeTerminal(COLUMNS, ROWS);
    const seen: string[] = [];
    let pressed = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      terminal.write(text);
      seen.push(terminal.shown().join('\n'));
      if (pressed || press === undefined || !press.when.test(seen.at(-1) ?? '')) return;
      pressed = true;
      child.stdin.write(press.keys);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, terminal, seen };
  }

  it('draws rate and percentiles in place, and prints nothing but JSON with --json', async () => {
    const { code, terminal, seen } = await load({
      args: '--concurrency 2 --warmup 200ms --duration 3s --json > point.json',
      environment: { TERM: 'xterm-256color' },
    });
    expect(code, terminal.written).toBe(0);
    expect(seen.join('\n')).toMatch(
      /^measured +█+░* +\d+ % +0:0\d left\nrate +\d+ req\/s +[▁-█]+\nlatency +p50 [\d.]+ +p95 [\d.]+ +p99 [\d.]+ ms\nrequests +\d+ done +\d in flight +0 errors$/m,
    );
    expect(terminal.shown()).toEqual([]);
    expect(terminal).toMatchObject({ cursorShown: true, hasWrapped: false, hasColours: true });
    expect(terminal.written).toContain('\u001b[?25l');
    const point = pointSchema.parse(JSON.parse(await readFile(join(folder, 'point.json'), 'utf8')));
    expect(point.counts.ok).toBeGreaterThan(0);
  });

  it('shows the cursor again after Ctrl-C, and uses no colours with NO_COLOR', async () => {
    const { code, terminal } = await load({
      args: '--concurrency 2 --warmup 0 --duration 60s --json > aborted.json',
      environment: { TERM: 'xterm-256color', NO_COLOR: '1' },
      press: { keys: CTRL_C, when: /p99 \d/ },
    });
    expect(code, terminal.written).toBe(130);
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.shown()).toEqual([]);
    expect(terminal.hasColours).toBe(false);
  });

  it('prints plain lines on a dumb terminal', async () => {
    const { terminal } = await load({
      args: '--rate 50 --warmup 0 --duration 2500ms --json > plain.json',
      environment: { TERM: 'dumb' },
    });
    expect(terminal.written).not.toContain('\u001b');
    expect(terminal.written).toMatch(/^measured +\d+ req\/s +p50 .* 0 errors +0:00 left\r$/m);
  });
});
