import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { mutateText } from '../inputs/mutate-text.js';
import { chance, pick } from '../inputs/random-input.js';
import type { FuzzTarget } from './fuzz-target.js';
import { HostedCheck } from './hosted-check.js';

const FOLDER = new URL('../../../packages/lab/src/imported/fixtures/', import.meta.url);

/** Result files of k6, Locust and `load --json`, changed as editors, other versions and full disks change them. */
export const importsTarget: FuzzTarget = {
  name: 'imports',
  open: async () => {
    const host = new HostedCheck('./imports-check.ts', 512);
    const names = (await readdir(FOLDER)).sort();
    const files = await Promise.all(
      names.map(async (name) => ({ name, bytes: await readFile(new URL(name, FOLDER)) })),
    );
    return {
      atOnce: 1,
      make(random) {
        const { name, bytes } = pick(random, files);
        const isZipped = name.endsWith('.gz');
        const changed = mutateText((isZipped ? gunzipSync(bytes) : bytes).toString('utf8'), random);
        const expected = {
          name,
          users: chance(random, 0.3) ? 3 : null,
          rateRps: chance(random, 0.3) ? 20 : null,
        };
        return {
          bytes: isZipped ? gzipSync(changed) : changed,
          how: `as ${JSON.stringify(expected)}`,
          expected,
        };
      },
      check: ({ bytes, expected }) => host.check(bytes, expected),
      close: () => host.close(),
    };
  },
};
