import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutateText } from '../inputs/mutate-text.js';
import { chance, pick } from '../inputs/random-input.js';
import { faultOfWords } from './fault-of-words.js';
import type { FuzzTarget } from './fuzz-target.js';
import { HostedCheck } from './hosted-check.js';
import { watchedCommand } from './watched-command.js';

const EXAMPLE = new URL('../../../examples/load.yaml', import.meta.url);
const ENDS_WITHIN_MS = 60_000;
/** So many are given to the command itself, which takes a hundred times as long as reading them here. */
const THROUGH_COMMAND = 0.01;

const SEEDS = [
  'serve:\n  port: 8080\n  policy: greedy\n  max-batch-size: 16\n  workers: 2\n  access-log: true\n  host: 127.0.0.1\n',
  'bench:\n  stacks: servelab:none@f32,fastapi/tuned\n  levels: [1, 5, 10]\n  duration: 10s\n  repeats: 5\n  slo: p99<=250ms\n',
  'stacks:\n  mine:\n    command: node server.mjs\n    url: http://127.0.0.1:9000/predict\n    cwd: .\n    environment: { PORT: 9000 }\n    ready: /health\n    body: json\n    field: image\n    expect: none\n',
  'serve: &a\n  port: 1\nload:\n  <<: *a\n  url: http://127.0.0.1:1/\n  concurrency: 8\n  header: [ "a: b", "c: d" ]\n',
  'a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nserve: { policy: [*b, *b, *b, *b, *b] }\n',
];

/** servelab.yaml as people mistype it, and as nobody would. */
export const configTarget: FuzzTarget = {
  name: 'config',
  open: async () => {
    const host = new HostedCheck('./config-check.ts', 512);
    const folder = await mkdtemp(join(tmpdir(), 'servelab-fuzz-config-'));
    const seeds = [...SEEDS, await readFile(EXAMPLE, 'utf8')];
    return {
      atOnce: 1,
      make(random) {
        const expected = chance(random, THROUGH_COMMAND) ? pick(random, ['serve', 'bench', 'load']) : null;
        return {
          bytes: mutateText(pick(random, seeds), random),
          how: `read by ${expected ?? 'all'}`,
          expected,
        };
      },
      async check({ bytes, expected }) {
        if (expected === null) return await host.check(bytes);
        const path = join(folder, 'servelab.yaml');
        await writeFile(path, bytes);
        const args = [expected as string, '--config', path, '--print-config'];
        const end = await watchedCommand({ args, endsWithinMs: ENDS_WITHIN_MS });
        if (end.code === null) return `the command did not end in ${ENDS_WITHIN_MS} ms`;
        return faultOfWords(end);
      },
      async close() {
        await host.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
