import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDecoder } from '../../packages/serve/src/decode/decoder.js';
import { HOSTILE, IMAGES } from '../fixtures/images.js';
import { peerMissing, pythonOf } from '../fixtures/peers.js';

const SIDE = 224;
const LIMITS = { maxPixels: 50_000_000, maxSide: 16_384, exactDecode: false };
const PEER = 'fastapi';
const STACKKIT = new URL('../../stacks/common', import.meta.url).pathname;

/** Decodes the files it is given, writes their pixels beside them, and prints the code of each that it refuses. */
const PROGRAM = `
import json, sys
from pathlib import Path
from stackkit.imaging import ImageRefused, decode
refusals = {}
for path in map(Path, sys.argv[1:]):
    try:
        path.with_suffix(".pixels").write_bytes(decode(path.read_bytes()).tobytes())
    except ImageRefused as refused:
        refusals[path.name] = refused.code
print(json.dumps(refusals))
`;

/** Detail in every channel, so that a decoder that turns, mixes or shifts anything is found out. */
function ripples(channels: 3 | 4 = 3): Sharp {
  const [width, height] = [320, 240];
  const pixels = Buffer.alloc(width * height * channels);
  for (let n = 0; n < width * height; n++) {
    const [x, y] = [n % width, Math.floor(n / width)];
    const colour = [128 + 100 * Math.sin(x / 19), 128 + 100 * Math.cos(y / 17), (x + y) % 256, x % 256];
    pixels.set(colour.slice(0, channels), n * channels);
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

const turned = (orientation: number) =>
  ripples().jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();

const SOUND: Readonly<Record<string, () => Promise<Buffer>>> = {
  'JPEG, colour at half resolution': () => ripples().jpeg({ chromaSubsampling: '4:2:0' }).toBuffer(),
  'JPEG, progressive': () => ripples().jpeg({ progressive: true }).toBuffer(),
  'JPEG, grey': () => ripples().greyscale().jpeg().toBuffer(),
  'JPEG, mirrored': () => turned(2),
  'JPEG, lying on its side': () => turned(6),
  'JPEG, mirrored and on its side': () => turned(7),
  PNG: () => ripples().png().toBuffer(),
  'PNG, 16 bits': () => ripples().toColourspace('rgb16').png().toBuffer(),
  'PNG, grey, 16 bits': () => ripples().toColourspace('grey16').png().toBuffer(),
  'PNG, palette': () => ripples().png({ palette: true }).toBuffer(),
  'PNG, see-through': () => ripples(4).png().toBuffer(),
  'WebP, see-through': () => ripples(4).webp({ lossless: true }).toBuffer(),
  GIF: () => ripples().gif().toBuffer(),
  AVIF: () => ripples().avif({ lossless: true }).toBuffer(),
  TIFF: () => ripples().tiff({ compression: 'lzw' }).toBuffer(),
};

/** Laid on white, which libvips and Pillow round differently, by so many levels of 255; all others are equal to the bit. */
const BLENDED = ['PNG, see-through', 'WebP, see-through'];
const BLENDING = 3;

const BROKEN: Readonly<Record<string, Buffer>> = {
  ...HOSTILE,
  BMP: Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0', 'latin1'),
  HEIC: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
  PDF: Buffer.from('%PDF-1.7\n'),
  'half a GIF': IMAGES.gif.subarray(0, IMAGES.gif.length / 2),
  'half a WebP': IMAGES.webp.subarray(0, IMAGES.webp.length / 2),
  'half an AVIF': IMAGES.avif.subarray(0, IMAGES.avif.length / 2),
};

const missing = peerMissing(PEER);

describe.skipIf(missing !== null)(`the stacks' decoder${missing === null ? '' : ` (${missing})`}`, () => {
  let folder: string;
  let refusals: Record<string, string>;
  /** By name: the file, and under which name it lies in the folder. */
  const files = new Map<string, { readonly bytes: Buffer; readonly id: string }>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'servelab-decoding-'));
    const named: [string, Buffer][] = Object.entries(BROKEN);
    for (const [name, make] of Object.entries(SOUND)) named.push([name, await make()]);
    for (const [name, bytes] of named) {
      const id = `${files.size}.img`;
      files.set(name, { bytes, id });
      await writeFile(join(folder, id), bytes);
    }
    const paths = [...files.values()].map(({ id }) => join(folder, id));
    const { stdout } = await promisify(execFile)(pythonOf(PEER), ['-c', PROGRAM, ...paths], {
      env: { ...process.env, PYTHONPATH: STACKKIT, PYTHONDONTWRITEBYTECODE: '1' },
    });
    refusals = JSON.parse(stdout) as Record<string, string>;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function fileOf(name: string) {
    const file = files.get(name);
    if (file === undefined) throw new Error(`no file ${name}`);
    return file;
  }

  it.each(Object.keys(SOUND))('%s: the pixels that Pillow gives', async (name) => {
    const { bytes, id } = fileOf(name);
    const ours = new Uint8Array(SIDE * SIDE * 3);
    expect(await createDecoder(LIMITS).decode(bytes, SIDE, ours)).toEqual({ ok: true });
    expect(refusals).not.toHaveProperty(id);
    const theirs = await readFile(join(folder, id.replace('.img', '.pixels')));
    expect(theirs).toHaveLength(ours.length);
    const differences = ours.map((value, n) => Math.abs(value - (theirs[n] ?? Number.NaN)));
    const worst = differences.reduce((most, value) => Math.max(most, value), 0);
    expect(worst).toBeLessThanOrEqual(BLENDED.includes(name) ? BLENDING : 0);
  });

  it.each(Object.keys(BROKEN))('%s: refused with the code that servelab has for it', async (name) => {
    const { bytes, id } = fileOf(name);
    const ours = await createDecoder(LIMITS).decode(bytes, SIDE, new Uint8Array(SIDE * SIDE * 3));
    expect(ours.ok).toBe(false);
    expect(ours).toMatchObject({ code: refusals[id] });
  });
});
