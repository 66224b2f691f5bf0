import sharp, { type JpegOptions, type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { blackPng } from '../../../../test/fixtures/png.js';
import { createDecoder } from './decoder.js';
import { exifSegment, ORIENTATION, SHORT, withSegments } from './exif.fixture.js';
import { readJpegHeader } from './jpeg-header.js';
import { ripples } from './ripples.fixture.js';
import { createScaler } from './scaler.js';
import { sharpDecoder } from './sharp-decoder.js';
import { turboDecoder } from './turbo-decoder.js';
import { loadTurboJpeg } from './turbojpeg-library.js';

const SIZE = 32;
const options = { maxPixels: 50_000_000, maxSide: 16_384, exactDecode: false };
const decoder = createDecoder(options);
const scale = createScaler();

/** Left half red, right half blue; a green stripe at the top tells up from down. */
function scene(width = 64, height = 48): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = y < height / 4 ? [0, 255, 0] : x < width / 2 ? [255, 0, 0] : [0, 0, 255];
      pixels.set(colour, (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

async function decoded(bytes: Uint8Array, size = SIZE): Promise<Uint8Array> {
  const target = new Uint8Array(size * size * 3);
  expect(await decoder.decode(bytes, size, target)).toEqual({ ok: true });
  return target;
}

async function refusal(bytes: Uint8Array, limits = options): Promise<string> {
  const result = await createDecoder(limits).decode(bytes, SIZE, new Uint8Array(SIZE * SIZE * 3));
  return result.ok ? 'ok' : result.code;
}

/** Colour of the picture at a place from 0 to 1. */
function colourAt(pixels: Uint8Array, x: number, y: number): number[] {
  const at = (Math.floor(y * SIZE) * SIZE + Math.floor(x * SIZE)) * 3;
  return [...pixels.subarray(at, at + 3)];
}

function expectScene(pixels: Uint8Array, tolerance: number): void {
  const places: [number, number, number[]][] = [
    [0.5, 0.1, [0, 255, 0]],
    [0.25, 0.7, [255, 0, 0]],
    [0.75, 0.7, [0, 0, 255]],
  ];
  for (const [x, y, colour] of places) expectNear(colourAt(pixels, x, y), colour, tolerance);
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  let worst = 0;
  for (let n = 0; n < expected.length; n++) {
    worst = Math.max(worst, Math.abs((actual[n] ?? Number.NaN) - (expected[n] ?? Number.NaN)));
  }
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe('what is decoded', () => {
  it.each<[name: string, file: () => Promise<Buffer>, tolerance: number]>([
    ['baseline JPEG', () => scene().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), 8],
    ['progressive JPEG', () => scene().jpeg({ quality: 95, progressive: true }).toBuffer(), 8],
    ['PNG', () => scene().png().toBuffer(), 0],
    ['palette PNG', () => scene().png({ palette: true }).toBuffer(), 2],
    ['16-bit PNG', () => scene().toColourspace('rgb16').png().toBuffer(), 0],
    ['WebP', () => scene().webp({ quality: 95 }).toBuffer(), 12],
    ['GIF', () => scene().gif().toBuffer(), 2],
    ['AVIF', () => scene().avif({ quality: 90 }).toBuffer(), 12],
    ['TIFF', () => scene().tiff().toBuffer(), 12],
  ])('%s', async (_name, file, tolerance) => {
    expectScene(await decoded(await file()), tolerance);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i is undone', async (orientation) => {
    // Stored such that undoing the tag gives the scene back. sharp mirrors before it turns.
    const undone: Record<number, (image: Sharp) => Sharp> = {
      1: (image) => image,
      2: (image) => image.flop(),
      3: (image) => image.rotate(180),
      4: (image) => image.flip(),
      5: (image) => image.rotate(270).flop(),
      6: (image) => image.rotate(270),
      7: (image) => image.rotate(90).flop(),
      8: (image) => image.rotate(90),
    };
    const stored = await (undone[orientation] ?? undone[1])?.(sharp(await scene().png().toBuffer()))
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation })
      .toBuffer();
    if (stored === undefined) throw new Error('no such orientation');
    expect(readJpegHeader(stored)?.orientation).toBe(orientation);
    expectScene(await decoded(stored), 10);
  });

  it('alpha lies on white', async () => {
    const glass = {
      create: { width: 40, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    } as const;
    expectNear(
      await decoded(await sharp(glass).png().toBuffer()),
      new Uint8Array(SIZE * SIZE * 3).fill(255),
      0,
    );
  });

  it('CMYK becomes RGB', async () => {
    // A muted colour: saturated ones are outside what ink can print, and come back changed.
    const brown = { create: { width: 40, height: 40, channels: 3, background: '#804020' } } as const;
    const file = await sharp(brown).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect(readJpegHeader(file)?.components).toBe(4);
    expectNear(colourAt(await decoded(file), 0.5, 0.5), [0x80, 0x40, 0x20], 40);
  });

  it.each<[name: string, file: () => Promise<Buffer>]>([
    ['8-bit grey PNG', () => scene().greyscale().png().toBuffer()],
    ['16-bit grey PNG', () => scene().toColourspace('grey16').png().toBuffer()],
    ['grey JPEG', () => scene().greyscale().jpeg({ quality: 95 }).toBuffer()],
  ])('%s becomes three equal channels', async (_name, file) => {
    const pixels = await decoded(await file());
    for (const at of [0, 300, 3000])
      expect(new Set(pixels.subarray(at - (at % 3), at - (at % 3) + 3)).size).toBe(1);
    expect(new Set(pixels).size).toBeGreaterThan(2);
  });

  it('a GIF gives its first frame', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((background) =>
        sharp({ create: { width: 16, height: 16, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expectNear(colourAt(await decoded(animation), 0.5, 0.5), [255, 0, 0], 2);
  });
});

describe('the JPEG paths', () => {
  const viaSharp = async (file: Buffer, size: number) => {
    const target = new Uint8Array(size * size * 3);
    expect(await sharpDecoder(scale, options).decode(file, size, target)).toEqual({ ok: true });
    return target;
  };
  const turbo = loadTurboJpeg();
  const viaTurbo = async (file: Buffer, size: number) => {
    if (turbo === undefined) throw new Error('libturbojpeg did not load');
    const target = new Uint8Array(size * size * 3);
    expect(await turboDecoder(turbo, scale, { ...options, exactDecode: true })(file, size, target)).toBe(
      true,
    );
    return target;
  };

  const KINDS: [name: string, width: number, height: number, how: JpegOptions, grey: boolean][] = [
    ['at the size of the model', 224, 224, {}, false],
    ['progressive', 224, 224, { progressive: true }, false],
    ['grey', 224, 224, {}, true],
    ['larger', 640, 360, {}, false],
    ['larger and grey', 640, 360, {}, true],
    ['smaller', 100, 80, { chromaSubsampling: '4:4:4' }, false],
  ];

  it('libjpeg-turbo is there on Linux', () => {
    if (process.platform === 'linux') expect(turbo).toBeDefined();
  });

  describe.each(KINDS)('give the same pixels: %s', (_name, width, height, how, grey) => {
    const picture = ripples(width, height);
    const encode = () => (grey ? picture.greyscale() : picture).jpeg({ quality: 90, ...how }).toBuffer();

    it.skipIf(turbo === undefined)('libjpeg-turbo', async () => {
      const file = await encode();
      expectNear(await viaTurbo(file, 224), await viaSharp(file, 224), 0);
    });
  });

  it.skipIf(turbo === undefined).each([1, 2, 3, 4, 5, 6, 7, 8])(
    'give the same pixels: EXIF orientation %i',
    async (orientation) => {
      const stored = await ripples(640, 360).jpeg({ quality: 90 }).toBuffer();
      const entry = { tag: ORIENTATION, type: SHORT, count: 1, value: orientation };
      const file = withSegments(stored, exifSegment({ bigEndian: true, entries: [entry] }));
      expectNear(await viaTurbo(file, 224), await viaSharp(file, 224), 0);
    },
  );

  it('scale large files down while they are decoded, unless every pixel is wanted', async () => {
    const file = await ripples(1024, 768).jpeg({ quality: 90 }).toBuffer();
    const exact = new Uint8Array(SIZE * SIZE * 3);
    await createDecoder({ ...options, exactDecode: true }).decode(file, SIZE, exact);
    expectNear(await viaSharp(file, SIZE), exact, 0);
    const scaled = await decoded(file);
    if (turbo !== undefined) expect([...scaled]).not.toEqual([...exact]);
    expectNear(scaled, exact, 12);
  });

  it.skipIf(turbo === undefined)(
    'scale sides that are no multiple of eight without shifting them',
    async () => {
      // A shift of a pixel in the file would be one of 16 levels at the end of this slope.
      const [width, height] = [1601, 1203];
      const slope = Buffer.from(
        Array.from({ length: width * height * 3 }, (_, n) => 4 * ((Math.floor(n / 3) % width) % 60)),
      );
      const file = await sharp(slope, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      const exact = new Uint8Array(SIZE * SIZE * 3);
      await createDecoder({ ...options, exactDecode: true }).decode(file, SIZE, exact);
      expectNear(await decoded(file), exact, 12);
    },
  );

  it.skipIf(turbo === undefined)('the direct one leaves alone what needs more than decoding', async () => {
    if (turbo === undefined) throw new Error('libturbojpeg did not load');
    const target = new Uint8Array(SIZE * SIZE * 3);
    const cmyk = await scene().toColourspace('cmyk').jpeg().toBuffer();
    expect(await turboDecoder(turbo, scale, options)(cmyk, SIZE, target)).toBe(false);
  });

  it.skipIf(turbo === undefined)('libjpeg-turbo never writes past its target', async () => {
    const file = await ripples(64, 48).jpeg().toBuffer();
    const target = new Uint8Array(64 * 48 * 3);
    const size = { width: 64, height: 48 };
    expect(await turbo?.decompress(file, size, 1, target.subarray(1))).toBe(false);
    expect(await turbo?.decompress(file, size, 2, target.subarray(0, 32 * 24 * 3 - 1))).toBe(false);
    expect(await turbo?.decompress(file, { width: 32, height: 24 }, 1, target)).toBe(false);
    expect(target.every((value) => value === 0)).toBe(true);
  });
});

describe('what is refused', () => {
  it.each<[name: string, bytes: Uint8Array | string, code: string]>([
    ['an empty file', '', 'invalid_image'],
    ['text', 'hello, this is no image at all', 'invalid_image'],
    [
      'noise after a JPEG start',
      Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(500, 7)]),
      'invalid_image',
    ],
    ['a PNG signature alone', Buffer.from('89504e470d0a1a0a', 'hex'), 'invalid_image'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'unsupported_image_format'],
    [
      'an SVG with a declaration',
      '\ufeff<?xml version="1.0"?>\n<!-- a -->\n<svg/>'.replace('/>', ' />'),
      'unsupported_image_format',
    ],
    ['HTML', '<!DOCTYPE html><html></html>', 'invalid_image'],
    ['a PDF', '%PDF-1.7\n', 'unsupported_image_format'],
    [
      'a BMP',
      Buffer.concat([Buffer.from('BM\x36\x0c\0\0\0\0\0\0', 'latin1'), Buffer.alloc(60)]),
      'unsupported_image_format',
    ],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'unsupported_image_format'],
    ['a PNG bomb of 900 megapixels', blackPng(30_000, 30_000), 'image_too_large'],
  ])('%s', async (_name, bytes, code) => {
    expect(await refusal(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)).toBe(code);
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)('a truncated %s', async (format) => {
    const file = await ripples(200, 150)[format]().toBuffer();
    for (const share of [0.3, 0.7, 0.97]) {
      expect(await refusal(file.subarray(0, Math.floor(file.length * share))), `${share}`).toBe(
        'invalid_image',
      );
    }
  });

  it('a truncated JPEG at the size of the model, by as little as its last marker', async () => {
    const file = await ripples(SIZE, SIZE).jpeg().toBuffer();
    expect(await refusal(file)).toBe('ok');
    expect(await refusal(file.subarray(0, -2))).toBe('invalid_image');
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)(
    'a %s over the limit on pixels',
    async (format) => {
      const file = await ripples(100, 81)[format]().toBuffer();
      expect(await refusal(file, { ...options, maxPixels: 8000 })).toBe('image_too_large');
      expect(await refusal(file, { ...options, maxPixels: 8100 })).toBe('ok');
    },
  );
});
