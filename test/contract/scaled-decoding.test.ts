import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PHOTOGRAPHS_MISSING } from '../fixtures/photographs.js';

const BENCH = fileURLToPath(new URL('../../bench/scaled-decoding.mjs', import.meta.url));
const IMAGES = 30;

// Its exit code is the verdict; the bench itself takes 500.
it.skipIf(PHOTOGRAPHS_MISSING !== null)(
  `scaling large photographs down while they are decoded keeps probabilities within 0.02 (${PHOTOGRAPHS_MISSING ?? 'real model'})`,
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [BENCH, '--images', String(IMAGES)]);
    const counts = [...stdout.matchAll(/^\| 1\/\d \| (\d+) \|/gm)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(IMAGES);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(2);
  },
);
