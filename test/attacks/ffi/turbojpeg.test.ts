import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@servelab/core';
import { createScaler } from '@servelab/serve/internal/scaler';
import { turboDecoder } from '@servelab/serve/internal/turbo-decoder';
import { loadTurboJpeg } from '@servelab/serve/internal/turbojpeg-library';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../../fixtures/checkout.js';
import { HARNESS_MISSING, VALGRIND_MISSING } from './decode-stream.js';
import { partsOf } from './jpeg-parts.js';
import { changed, cutAtMarkers, EITHER, REFUSED } from './malformed-jpegs.js';
import { type JpegCase, turboJpegTarget } from './turbojpeg-target.js';
import { generalPixels, wholeJpegs } from './whole-jpegs.js';

const SEED = 15;
/** `make fuzz TARGET=turbojpeg` goes on from there. */
const GUARDED_CASES = 6000;
const VALGRIND_CASES = 250;
const COMPARED_CASES = 600;

const LIMITS = { maxPixels: 4_000_000, maxSide: 16_384, exactDecode: true };

describe.skipIf(HARNESS_MISSING !== null)(
  `libturbojpeg between guard pages (${HARNESS_MISSING ?? 'gcc'})`,
  () => {
    it('neither reads nor writes a byte too many, whatever file it is given', async () => {
      expect(await faultsOf('guard', GUARDED_CASES)).toEqual([]);
    });

    it.each(Object.entries(REFUSED))('%s: refused of every kind of file', async (how, change) => {
      const cases = (await wholeJpegs()).flatMap(({ name, bytes }) =>
        [1, 2, 3].map(
          (number): JpegCase => ({
            bytes: changed(partsOf(bytes), change, seededRandom(number, name)),
            how: `${name}: ${how}`,
            expected: 'refused',
          }),
        ),
      );
      expect(await faultsOfCases(cases)).toEqual([]);
    });

    it('a file cut off at any of its markers is refused', async () => {
      const cases = (await wholeJpegs()).flatMap(({ name, bytes }) =>
        cutAtMarkers(partsOf(bytes)).map(
          (cut): JpegCase => ({
            bytes: cut,
            how: `${name}: ${cut.length} bytes`,
            expected: 'refused',
          }),
        ),
      );
      expect(cases.length).toBeGreaterThan(300);
      expect(await faultsOfCases(cases)).toEqual([]);
    });
  },
);

describe.skipIf(VALGRIND_MISSING !== null)(
  `libturbojpeg under valgrind (${VALGRIND_MISSING ?? 'memcheck'})`,
  () => {
    it('uses no memory that is not its own or was never written, and loses none', async () => {
      expect(await faultsOf('valgrind', VALGRIND_CASES)).toEqual([]);
    });
  },
);

const library = loadTurboJpeg();

describe.skipIf(library === undefined)(
  "the server's turbo decoder (needs libturbojpeg.so.0, of Linux)",
  () => {
    it('takes only what libvips takes as well, with the same pixels', async () => {
      const whole = await wholeJpegs();
      const wrong: string[] = [];
      let taken = 0;
      for (let number = 0; number < COMPARED_CASES; number++) {
        const random = seededRandom(SEED, `compared ${number}`);
        const file = whole[number % whole.length] ?? whole[0];
        const kinds = Object.entries(EITHER);
        const [how, change] = kinds[Math.floor(random() * kinds.length)] ?? ['', () => {}];
        const bytes = file === undefined ? Buffer.alloc(0) : changed(partsOf(file.bytes), change, random);
        const pixels = await turboPixels(bytes);
        if (pixels === null) continue;
        taken++;
        const general = await generalPixels(bytes).catch((error: Error) => error.message);
        if (typeof general === 'string') wrong.push(`${file?.name}: ${how}: libvips refuses it: ${general}`);
        else if (!general.equals(pixels)) wrong.push(`${file?.name}: ${how}: other pixels`);
      }
      expect(wrong).toEqual([]);
      expect(taken).toBeGreaterThan(COMPARED_CASES / 20);
    });
  },
);

/** What the server's decoder had the library decode, before it is scaled; null for what it leaves to libvips. */
async function turboPixels(bytes: Buffer): Promise<Uint8Array | null> {
  let pixels: Uint8Array | null = null;
  const decode = turboDecoder(
    {
      async decompress(file, size, denominator, target) {
        const isTaken = (await library?.decompress(file, size, denominator, target)) ?? false;
        if (isTaken) pixels = target.slice(0, size.width * size.height * 3);
        return isTaken;
      },
    },
    createScaler(),
    LIMITS,
  );
  return (await decode(bytes, 8, new Uint8Array(8 * 8 * 3))) ? pixels : null;
}

async function faultsOfCases(cases: readonly JpegCase[]): Promise<string[]> {
  const open = await turboJpegTarget.open();
  const faults: string[] = [];
  for (const one of cases) {
    const fault = await open.check(one);
    if (fault !== null) faults.push(`${one.how}: ${fault}`);
  }
  const end = await open.close();
  return end === null ? faults : [...faults, end];
}

/** Runs seeded cases; what breaks something is kept in tmp/fuzz. */
async function faultsOf(how: 'guard' | 'valgrind', cases: number): Promise<string[]> {
  let open = await turboJpegTarget.open(how);
  const faults: string[] = [];
  for (let number = 0; number < cases; number++) {
    const one = open.make(seededRandom(SEED, `turbojpeg ${number}`));
    const fault = await open.check(one);
    if (fault === null) continue;
    faults.push(`case ${number} of seed ${SEED}, ${one.how}: ${fault}; ${kept(one.bytes, number)}`);
    await open.close();
    open = await turboJpegTarget.open(how);
  }
  const end = await open.close();
  return end === null ? faults : [...faults, end];
}

function kept(bytes: Buffer, number: number): string {
  const folder = join(CHECKOUT, 'tmp/fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `turbojpeg-${SEED}-${number}.bin`);
  writeFileSync(file, bytes);
  return file;
}
