// What an image at the limits costs a worker: time to decode and peak of memory, a fresh process each, with the
// environment and the decoder of a worker. Files of 49 megapixels in every format, in the forms that cost most.
//
//   node bench/decode-limits.mjs [--side 7000] [--only AVIF]
//
// Time is wall time beside processor time: on a quiet machine the two are alike, and --decode-timeout-ms is of the former.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createDecoder } from '@servelab/serve/internal/decoder';
import { workerEnvironment } from '@servelab/serve/internal/worker-environment';
import sharp from 'sharp';
import { sampleJpeg } from './sample-images.mjs';

const SIZE = 224;
const { values } = parseArgs({
  options: {
    side: { type: 'string', default: '7000' },
    only: { type: 'string', default: '' },
    decode: { type: 'string' },
  },
});

if (values.decode !== undefined) await decodeHere(values.decode);
else await measureAll(Number(values.side), values.only);

/** In the child: one file, and what it cost. */
async function decodeHere(path) {
  const bytes = await readFile(path);
  const decoder = createDecoder({ maxPixels: 50e6, maxSide: 16_384, exactDecode: false });
  const target = new Uint8Array(SIZE * SIZE * 3);
  await decoder.decode(await sampleJpeg(SIZE, SIZE), SIZE, target);
  const memory = async (field) =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(await readFile('/proc/self/status', 'utf8'))[1]) / 1024;
  const idleMb = await memory('VmRSS');
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  const result = await decoder.decode(bytes, SIZE, target);
  const { user, system } = process.cpuUsage(startCpu);
  const [wallMs, cpuMs] = [performance.now() - startMs, (user + system) / 1000];
  console.log(JSON.stringify({ result, wallMs, cpuMs, peakMb: (await memory('VmHWM')) - idleMb }));
}

async function measureAll(side, only) {
  const photograph = await sharp(await sampleJpeg(side, side))
    .raw()
    .toBuffer();
  const image = () => sharp(photograph, { raw: { width: side, height: side, channels: 3 } });
  const deep = () => image().ensureAlpha(0.5).toColourspace('rgb16');
  const turned = { orientation: 6 };
  const kinds = {
    JPEG: () => image().jpeg({ quality: 85 }),
    'JPEG, progressive': () => image().jpeg({ quality: 85, progressive: true }),
    'JPEG, progressive, CMYK, turned by EXIF': () =>
      image()
        .toColourspace('cmyk')
        .jpeg({ quality: 70, progressive: true, chromaSubsampling: '4:4:4' })
        .withMetadata(turned),
    PNG: () => image().png({ compressionLevel: 3 }),
    'PNG, interlaced, 16 bits, alpha, turned by EXIF': () =>
      deep().png({ compressionLevel: 1, progressive: true }).withMetadata(turned),
    WebP: () => image().webp({ quality: 80, effort: 0 }),
    'WebP, lossless': () => image().webp({ lossless: true, effort: 0 }),
    GIF: () => image().gif({ effort: 1 }),
    TIFF: () => image().tiff({ compression: 'lzw' }),
    'TIFF, 16 bits, alpha, turned': () => deep().tiff({ compression: 'deflate' }).withMetadata(turned),
    AVIF: () => image().avif({ quality: 60, effort: 0 }),
    'AVIF, 10 bits, alpha': () =>
      deep().avif({ quality: 60, effort: 0, bitdepth: 10, chromaSubsampling: '4:4:4' }),
  };
  const folder = await mkdtemp(join(tmpdir(), 'servelab-decode-limits-'));
  try {
    console.log(`| file of ${side}x${side} | MB | wall s | processor s | peak above idle, MB |`);
    console.log('| --- | --- | --- | --- | --- |');
    for (const [kind, encode] of Object.entries(kinds)) {
      if (!kind.includes(only)) continue;
      const bytes = await encode().toBuffer();
      const path = join(folder, 'image');
      await writeFile(path, bytes);
      const { result, wallMs, cpuMs, peakMb } = await inChild(path);
      const figures = [
        (bytes.length / 1e6).toFixed(1),
        (wallMs / 1000).toFixed(2),
        (cpuMs / 1000).toFixed(2),
      ];
      const outcome = result.ok ? '' : ` (${result.code})`;
      console.log(`| ${kind}${outcome} | ${figures.join(' | ')} | ${peakMb.toFixed(0)} |`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inChild(path) {
  const args = [fileURLToPath(import.meta.url), '--decode', path];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: workerEnvironment(process.env),
  });
  return JSON.parse(stdout);
}
