import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ExifEntry,
  type ExifShape,
  exifSegment,
  LONG,
  ORIENTATION,
  SHORT,
  segment,
  withSegments,
} from './exif.fixture.js';
import { plainJpeg, readJpegHeader } from './jpeg-header.js';
import { ripples } from './ripples.fixture.js';

const LIMITS = { maxPixels: 1000, maxSide: 100 };

let jpeg: Buffer;
beforeAll(async () => {
  jpeg = await ripples(24, 16).jpeg().toBuffer();
});

/** What the general decoder makes of it: nobody writes the tag for 1. */
async function generalOrientation(file: Buffer): Promise<number> {
  return (await sharp(file).metadata()).orientation ?? 1;
}

const orientationEntry = (value: number, type: number = SHORT): ExifEntry => ({
  tag: ORIENTATION,
  type,
  count: 1,
  value,
});
const upright = exifSegment({ bigEndian: true, entries: [orientationEntry(1)] });
const turned = exifSegment({ bigEndian: true, entries: [orientationEntry(6)] });
const xmp = segment(
  0xe1,
  Buffer.from('http://ns.adobe.com/xap/1.0/\0<rdf:Description tiff:Orientation="8"/>'),
);

const otherTag = fc.constantFrom(0x0000, 0x010e, 0x0128, 0x0131, 0x0213, 0x8769, 0xffff);
const properEntries = fc
  .record({
    orientation: fc.integer({ min: 1, max: 8 }),
    type: fc.constantFrom(SHORT, LONG),
    before: fc.array(otherTag, { maxLength: 3 }),
    after: fc.array(otherTag, { maxLength: 3 }),
  })
  .map(({ orientation, type, before, after }) => {
    const others = (tags: number[]) => tags.map((tag) => ({ tag, type: SHORT, count: 1, value: 3 }));
    return {
      orientation,
      entries: [...others(before), orientationEntry(orientation, type), ...others(after)],
    };
  });

const oddEntry: fc.Arbitrary<ExifEntry> = fc.record({
  tag: fc.oneof({ weight: 3, arbitrary: fc.constant(ORIENTATION) }, { weight: 1, arbitrary: otherTag }),
  type: fc.oneof(fc.integer({ min: 0, max: 14 }), fc.constantFrom(SHORT, LONG)),
  count: fc.constantFrom(0, 1, 1, 1, 2, 3, 1000, 0xffffffff),
  value: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0x10006, 6 << 16, 6 << 24, 0xffff)),
});
const oddShape: fc.Arbitrary<ExifShape> = fc.record(
  {
    bigEndian: fc.boolean(),
    entries: fc.array(oddEntry, { maxLength: 4 }),
    gap: fc.integer({ min: 0, max: 5 }),
    offset: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0xffff, 0xfffffff0)),
    entryCount: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(60_000)),
    cut: fc.integer({ min: 0, max: 30 }),
  },
  { requiredKeys: ['bigEndian', 'entries'] },
);

describe('the orientation', () => {
  // Phones write it big-endian and as LONG (nomacs 1646): sixteen bits from the start of the value are then zero.
  it('is read from either byte order, from SHORT and LONG, at any place in the directory, at odd offsets', async () => {
    const shape = fc.record({
      proper: properEntries,
      bigEndian: fc.boolean(),
      gap: fc.integer({ min: 0, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ proper: { orientation, entries }, bigEndian, gap }) => {
        const file = withSegments(jpeg, exifSegment({ bigEndian, entries, gap }));
        expect(readJpegHeader(file)?.orientation).toBe(orientation);
        expect(await generalOrientation(file)).toBe(orientation);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("of whatever stands there instead is the general decoder's, or left to that", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(oddShape, { minLength: 1, maxLength: 2 }), async (shapes) => {
        const file = withSegments(jpeg, ...shapes.map(exifSegment));
        const orientation = readJpegHeader(file)?.orientation;
        if (orientation !== undefined) expect(orientation).toBe(await generalOrientation(file));
      }),
      { numRuns: 600, seed: 1 },
    );
  });

  it.each<[name: string, segments: () => Buffer[], orientation: number | undefined]>([
    ['no EXIF: upright', () => [], 1],
    ['EXIF without the tag: upright', () => [exifSegment({ bigEndian: true, entries: [] })], 1],
    ['of two segments the first counts', () => [turned, upright], 6],
    ['also when it says nothing', () => [exifSegment({ bigEndian: false, entries: [] }), turned], 1],
    ['and when it is broken', () => [segment(0xe1, Buffer.from('Exif\0\0MM')), turned], undefined],
    // Pillow falls back on XMP here; libvips, which decodes whatever is not plain, does not.
    ['XMP has no say', () => [xmp], 1],
    ['XMP before it is passed over', () => [xmp, turned], 6],
    ['fill bytes before it are passed over', () => [Buffer.of(0xff, 0xff, 0xff), turned], 6],
    ['other segments before it are passed over', () => [segment(0xfe, Buffer.from('hello')), turned], 6],
    [
      'twice in one directory: left to the general decoder',
      () => [exifSegment({ bigEndian: true, entries: [orientationEntry(1), orientationEntry(6)] })],
      undefined,
    ],
  ])('%s', async (_name, segments, orientation) => {
    const file = withSegments(jpeg, ...segments());
    expect(readJpegHeader(file)?.orientation).toBe(orientation);
    if (orientation !== undefined) expect(await generalOrientation(file)).toBe(orientation);
    expect(plainJpeg(readJpegHeader(file), LIMITS) !== null).toBe(orientation !== undefined);
  });
});

describe('the frame', () => {
  it('has the size that the general decoder sees, for every kind of file', async () => {
    const kinds = fc.record({
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
      progressive: fc.boolean(),
      chromaSubsampling: fc.constantFrom('4:2:0', '4:4:4'),
      space: fc.constantFrom('srgb', 'b-w', 'cmyk'),
    });
    await fc.assert(
      fc.asyncProperty(kinds, async ({ width, height, space, ...how }) => {
        const file = await ripples(width, height).toColourspace(space).jpeg(how).toBuffer();
        const { channels } = await sharp(file).metadata();
        const header = readJpegHeader(file);
        expect(header).toMatchObject({ width, height, components: channels, precision: 8, isHuffman: true });
        expect(plainJpeg(readJpegHeader(file), { maxPixels: 1600, maxSide: 40 }) !== null).toBe(
          space !== 'cmyk',
        );
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  const edited = (edit: (file: Buffer, frameAt: number) => void): Buffer => {
    const file = Buffer.from(jpeg);
    edit(file, file.indexOf(Buffer.of(0xff, 0xc0)));
    return file;
  };
  const frameAgain = (file: Buffer): Buffer => {
    const at = file.indexOf(Buffer.of(0xff, 0xc0));
    return Buffer.concat([file.subarray(0, at), file.subarray(at, at + 19), file.subarray(at)]);
  };
  it.each<[name: string, file: () => Buffer]>([
    ['height 0 (DNL tells it later)', () => edited((file, at) => file.writeUInt16BE(0, at + 5))],
    ['12 bits a sample', () => edited((file, at) => file.writeUInt8(12, at + 4))],
    ['lossless', () => edited((file, at) => file.writeUInt8(0xc3, at + 1))],
    ['arithmetic-coded', () => edited((file, at) => file.writeUInt8(0xc9, at + 1))],
    ['two frames', () => frameAgain(jpeg)],
    ['a component named R', () => edited((file, at) => file.writeUInt8(0x52, at + 10))],
    ['a component more than the segment holds', () => edited((file, at) => file.writeUInt8(4, at + 9))],
    ['chroma finer than luma', () => edited((file, at) => file.writeUInt8(0x22, at + 14))],
    ['luma four times as wide', () => edited((file, at) => file.writeUInt8(0x41, at + 11))],
    ['Adobe RGB', () => withSegments(jpeg, segment(0xee, Buffer.from('Adobe\0\x64\0\0\0\0\0')))],
    ['Adobe YCCK', () => withSegments(jpeg, segment(0xee, Buffer.from('Adobe\0\x64\0\0\0\0\x02')))],
    ['garbage between segments', () => withSegments(jpeg, Buffer.of(0))],
    ['a marker without a length', () => withSegments(jpeg, Buffer.of(0xff, 0xd0))],
    ['a side over the limit', () => edited((file, at) => file.writeUInt32BE((1 << 16) | 101, at + 5))],
    ['pixels over the limit', () => edited((file, at) => file.writeUInt32BE((32 << 16) | 32, at + 5))],
  ])('is not plain: %s', (_name, file) => {
    expect(plainJpeg(readJpegHeader(jpeg), LIMITS)).toMatchObject({ width: 24, height: 16 });
    expect(plainJpeg(readJpegHeader(file()), LIMITS)).toBeNull();
  });
});
