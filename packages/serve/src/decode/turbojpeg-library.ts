import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { type Denominator, decodedSize } from './decode-scale.js';
import type { Size } from './placement.js';

const require = createRequire(import.meta.url);

/** libjpeg-turbo's TurboJPEG interface, as much of it as decoding needs. Numbers are those of turbojpeg.h. */
const INIT_DECOMPRESS = 1;
const FORMAT_RGB = 0;
const STOP_ON_WARNING = 0;
const JPEG_WIDTH = 5;
const JPEG_HEIGHT = 6;
const LOSSLESS = 15;
/** Progressive files may hold any number of scans, each as dear as a picture; honest ones have about ten. */
const SCAN_LIMIT = { parameter: 13, scans: 100 };

export interface TurboJpeg {
  /**
   * Decodes with the exact ("slow integer") inverse DCT and smooth chroma, as libvips and Pillow do: whole, the same
   * pixels to the bit. Larger files than `MOST_PIXELS_HERE` are decoded on another thread.
   *
   * @param file dimensions that the header states
   * @param denominator decodes to 1/denominator of width and height by an inverse DCT of fewer points
   * @param target `[height, width, 3]` RGB bytes of `decodedSize`; not to be touched meanwhile
   * @returns false for a file of other dimensions, and for one that the library so much as warns about
   */
  decompress(bytes: Uint8Array, file: Size, denominator: Denominator, target: Uint8Array): Promise<boolean>;
}

/** Takes less time than the way to another thread and back is worth, and far less than any time-out. */
const MOST_PIXELS_HERE = 4_000_000;

/**
 * The shared library that comes with `@julusian/jpeg-turbo`, called directly: that package's own function asks
 * for the fast inverse DCT and leaves no choice, which moves probabilities by up to 0.1.
 *
 * @returns undefined where the package has no such library (macOS, Windows)
 */
export function loadTurboJpeg(): TurboJpeg | undefined {
  const library = openLibrary();
  if (library === undefined) return undefined;
  const init = library.func('void *tj3Init(int initType)');
  const destroy = library.func('void tj3Destroy(void *handle)');
  const set = library.func('int tj3Set(void *handle, int parameter, int value)');
  const get = library.func('int tj3Get(void *handle, int parameter)');
  const readHeader = library.func(
    'int tj3DecompressHeader(void *handle, const uint8_t *jpeg, size_t jpegBytes)',
  );
  const scale = koffi.struct({ numerator: 'int', denominator: 'int' });
  const setScale = library.func('tj3SetScalingFactor', 'int', ['void *', scale]);
  const decompress = library.func(
    'int tj3Decompress8(void *handle, const uint8_t *jpeg, size_t jpegBytes, uint8_t *target, int pitch, int format)',
  );

  /** Whether the file is what it was taken for, and its pixels have room. */
  function prepare(
    handle: unknown,
    bytes: Uint8Array,
    file: Size,
    denominator: Denominator,
    target: Uint8Array,
  ): boolean {
    set(handle, STOP_ON_WARNING, 1);
    set(handle, SCAN_LIMIT.parameter, SCAN_LIMIT.scans);
    // What the library writes depends on its own reading of the header: never trust another one with memory.
    const { width, height } = decodedSize(file, denominator);
    if (target.length < width * height * 3 || readHeader(handle, bytes, bytes.length) !== 0) return false;
    if (get(handle, JPEG_WIDTH) !== file.width || get(handle, JPEG_HEIGHT) !== file.height) return false;
    // Of a lossless file it writes whole pixels, whatever the scale.
    if (get(handle, LOSSLESS) !== 0) return false;
    return setScale(handle, { numerator: 1, denominator }) === 0;
  }

  function decode(handle: unknown, bytes: Uint8Array, file: Size, target: Uint8Array): Promise<number> {
    const call = [handle, bytes, bytes.length, target, 0, FORMAT_RGB] as const;
    if (file.width * file.height <= MOST_PIXELS_HERE) return Promise.resolve(decompress(...call));
    return new Promise((resolve, reject) => {
      decompress.async(...call, (error: Error | null, code: number) => {
        if (error === null) resolve(code);
        else reject(error);
      });
    });
  }

  return {
    async decompress(bytes, file, denominator, target) {
      // A handle keeps the tables of the file before, and half of a header that was broken: with it the next file is
      // read as that one's continuation, of its dimensions, and may then be decoded as what it is, of others.
      const handle: unknown = init(INIT_DECOMPRESS);
      if (handle === null) return false;
      try {
        if (!prepare(handle, bytes, file, denominator, target)) return false;
        return (await decode(handle, bytes, file, target)) === 0;
      } finally {
        destroy(handle);
      }
    },
  };
}

function openLibrary() {
  const packageFolder = dirname(require.resolve('@julusian/jpeg-turbo/package.json'));
  // One is for glibc, the other for musl: the one for the other libc does not load.
  for (const libc of ['', '-musl']) {
    const folder = `jpeg-turbo-${process.platform}-${process.arch}${libc}`;
    try {
      return koffi.load(join(packageFolder, 'prebuilds', folder, 'libturbojpeg.so.0'));
    } catch {}
  }
  return undefined;
}
