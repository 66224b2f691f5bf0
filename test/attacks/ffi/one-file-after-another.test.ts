import { loadTurboJpeg } from '@servelab/serve/internal/turbojpeg-library';
import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, fileOf, isFrame, type JpegPart, MARKER, part, partsOf } from './jpeg-parts.js';
import { wholeJpegs } from './whole-jpegs.js';

let library = loadTurboJpeg();
beforeEach(() => {
  library = loadTurboJpeg();
});
const COMMENT = 0xfe;

describe.skipIf(library === undefined)('libturbojpeg after another file (needs it: Linux)', () => {
  it.each([
    ['cut off in its header', Buffer.from([])],
    ['with a marker of no known kind', Buffer.from([0xff, 0x02, 0, 2])],
    ['with a quantization table of no known number', Buffer.from([0xff, MARKER.quantizationTables, 0, 3, 9])],
    ['cut off where a length should be', Buffer.from([0xff, COMMENT])],
  ])('takes a whole file as ever after one %s', async (_, broken) => {
    const { bytes, pixels } = await wholeJpeg('4:4:4');
    const frame = partsOf(bytes).find(isFrame) as JpegPart;
    await decoded(Buffer.concat([Buffer.from([0xff, MARKER.startOfImage]), bytesOf(frame), broken]), 17, 17);
    expect(await decoded(bytes, 17, 17)).toEqual(new Uint8Array(pixels));
  });

  it('never lends a file without tables those of the file before', async () => {
    const { bytes } = await wholeJpeg('4:4:4');
    const withoutTables = fileOf(partsOf(bytes).filter(({ marker }) => marker !== MARKER.quantizationTables));
    expect(await decoded(bytes, 17, 17)).not.toBeNull();
    expect(await decoded(withoutTables, 17, 17)).toBeNull();
  });

  it('writes no picture of other dimensions than it was asked for, though another file said so before', async () => {
    const [first, second] = fileInTwoHalves(200, 8);
    // The target has room for the larger one, so that the overrun would be seen, and nothing else be broken by it.
    const target = new Uint8Array(200 * 200 * 3).fill(7);
    const size = { width: 8, height: 8 };
    expect(await library?.decompress(first, size, 1, target)).toBe(false);
    expect(await library?.decompress(second, size, 1, target)).toBe(false);
    expect(target.subarray(8 * 8 * 3).every((byte) => byte === 7)).toBe(true);
  });
});

/** The pixels, or null where it was refused. */
async function decoded(bytes: Uint8Array, width: number, height: number): Promise<Uint8Array | null> {
  const target = new Uint8Array(width * height * 3);
  return (await library?.decompress(bytes, { width, height }, 1, target)) ? target : null;
}

async function wholeJpeg(name: string) {
  const found = (await wholeJpegs()).find((one) => one.name === name);
  if (found?.pixels == null) throw new Error(`there is no ${name}`);
  return { bytes: found.bytes, pixels: found.pixels };
}

/**
 * Two files for a handle that remembers. The first ends within a comment, after a frame of few pixels. Read as what is
 * left of that comment, the second's first bytes are the comment's length: what follows it is a scan, which completes
 * the first one's header. Read for itself, the second is a whole file of many pixels.
 */
function fileInTwoHalves(large: number, small: number): [Buffer, Buffer] {
  const frame = (side: number) =>
    part(MARKER.baseline, [8, side >> 8, side & 0xff, side >> 8, side & 0xff, 1, 1, 0x11, 0]);
  const oneCode = [1, ...Array<number>(15).fill(0), 0];
  const scan = (side: number) =>
    part(
      MARKER.startOfScan,
      [1, 1, 0x00, 0, 63, 0],
      Buffer.alloc(Math.ceil((Math.ceil(side / 8) ** 2 * 2) / 8)),
    );
  const start = Buffer.from([0xff, MARKER.startOfImage]);

  const first = Buffer.concat([start, bytesOf(frame(small)), Buffer.from([0xff, COMMENT])]);
  const whole = fileOf([
    part(MARKER.quantizationTables, [0, ...Array<number>(64).fill(1)]),
    frame(large),
    part(MARKER.huffmanTables, [0x00, ...oneCode]),
    part(MARKER.huffmanTables, [0x10, ...oneCode]),
    scan(large),
  ]);
  const second = Buffer.alloc(start.readUInt16BE() + 100);
  whole.copy(second);
  bytesOf(scan(small)).copy(second, start.readUInt16BE());
  return [first, second];
}
