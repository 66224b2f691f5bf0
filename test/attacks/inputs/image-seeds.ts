import sharp, { type Sharp } from 'sharp';
import { IMAGES } from '../../fixtures/images.js';
import { animatedGif, animatedWebp, png, tiff } from './image-bombs.js';
import { manyScanJpeg } from './many-scan-jpeg.js';

const WIDTH = 37;
const HEIGHT = 29;

/** A picture with edges, slopes and noise, the same each time. */
function picture(channels: 1 | 3 | 4): Sharp {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let n = 0; n < pixels.length; n++) {
    const [x, y] = [Math.floor(n / channels) % WIDTH, Math.floor(n / channels / WIDTH)];
    pixels[n] = ((n % channels) * 60 + x * 5 + (y > 12 ? 90 : 0) + ((n * 2654435761) % 7)) % 256;
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

let seeds: Promise<Buffer[]> | undefined;

/** Small files of every format that is taken, in the variants that cameras, browsers and scanners write. */
export const imageSeeds = (): Promise<Buffer[]> => {
  seeds ??= make();
  return seeds;
};

async function make(): Promise<Buffer[]> {
  const [grey, colour, clear] = [() => picture(1).toColourspace('b-w'), () => picture(3), () => picture(4)];
  const written = await Promise.all(
    [
      colour().jpeg(),
      colour().jpeg({ progressive: true }),
      colour().jpeg({ chromaSubsampling: '4:4:4', optimiseCoding: false }),
      colour().jpeg({ mozjpeg: true }),
      grey().jpeg(),
      colour().toColourspace('cmyk').jpeg(),
      colour().withMetadata({ orientation: 6 }).jpeg(),
      colour().withMetadata({ orientation: 3 }).jpeg({ progressive: true }),
      colour().png(),
      clear().png({ palette: true }),
      colour().png({ progressive: true }),
      clear().toColourspace('rgb16').png({ progressive: true }),
      grey().toColourspace('grey16').png(),
      colour().webp(),
      clear().webp({ lossless: true }),
      clear().webp({ alphaQuality: 40 }),
      colour().gif(),
      colour().tiff({ compression: 'lzw', predictor: 'horizontal' }),
      colour().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }),
      colour().tiff({ compression: 'jpeg' }),
      colour().tiff({ compression: 'none', bigtiff: true }),
      grey().tiff({ compression: 'ccittfax4', bitdepth: 1 }),
      clear().toColourspace('rgb16').tiff({ compression: 'packbits' }),
      colour().avif({ effort: 0 }),
      clear().avif({ effort: 0, lossless: true }),
    ].map((image) => image.toBuffer()),
  );
  return [
    ...written,
    ...Object.values(IMAGES),
    manyScanJpeg(40, 24, 200),
    png(40, 24, { depth: 8, colour: 6, interlaced: true }),
    tiff(24, 16, 4),
    animatedGif(40, 30, 4),
    animatedWebp(40, 30, 4),
  ];
}
