import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BodyBudget } from './body-budget.js';
import { contentCoding, requireOnlyChunked } from './body-codings.js';
import { decompressBody } from './decompress-body.js';
import { RequestError } from './request-error.js';

const MIB = 1024 * 1024;
const TEXT = Buffer.from('a photograph, so to speak. '.repeat(5000));

/** The body and what it left reserved, or the code of the error. */
async function decompressed(body: Buffer, header: string, maxBytes = MIB, budget = new BodyBudget(64 * MIB)) {
  try {
    const coding = contentCoding(header);
    if (coding === null) return 'as it is';
    const { bytes, release } = await decompressBody(body, coding, maxBytes, budget);
    release();
    expect(budget.heldBytes).toBe(0);
    return Buffer.from(bytes);
  } catch (error) {
    expect(budget.heldBytes).toBe(0);
    if (error instanceof RequestError) return error.code;
    throw error;
  }
}

// Clients compress bodies by default: tensorflow/serving#1091, MLServer#931, BentoML#1015.
describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['GZip, identity', gzipSync(TEXT)],
    ['gzip', Buffer.concat([gzipSync(TEXT.subarray(0, 100)), gzipSync(TEXT.subarray(100))])],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateSync(TEXT, { level: 0 })],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
  ])('%s is read', async (header, body) => {
    expect(await decompressed(body, header)).toEqual(TEXT);
  });

  it.each(['', 'identity', ' , ', undefined])('%s is none', (header) => {
    expect(contentCoding(header)).toBeNull();
  });

  it.each(['zstd', 'compress', 'gzip, br', 'gzip, gzip', 'br;q=1'])(
    '%s is refused with what is taken',
    (header) => {
      expect(() => contentCoding(header)).toThrow(
        expect.objectContaining({
          code: 'unsupported_content_encoding',
          headers: { 'accept-encoding': 'gzip, deflate, br' },
        }),
      );
    },
  );

  it.each([
    ['gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
  ])('%s that is cut off, damaged or followed by more is refused', async (header, body) => {
    const damaged = Buffer.from(body);
    damaged.fill(0xff, body.length >> 1);
    for (const wrong of [
      body.subarray(0, -1),
      body.subarray(0, 5),
      damaged,
      Buffer.concat([body, Buffer.from('rest')]),
    ]) {
      expect(await decompressed(wrong, header)).toBe('invalid_content_encoding');
    }
    expect(await decompressed(Buffer.from('{"image_base64": ""}'), header)).toBe('invalid_content_encoding');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(200 * MIB))],
    ['deflate', deflateSync(Buffer.alloc(200 * MIB))],
    ['br', brotliCompressSync(Buffer.alloc(200 * MIB), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])(
    '%s that expands a thousandfold ends at the limit, with no more memory reserved than that',
    async (header, body) => {
      let mostBytes = 0;
      class WatchedBudget extends BodyBudget {
        override open() {
          const reservation = super.open();
          const resize = (bytes: number) => {
            const taken = reservation.resize(bytes);
            mostBytes = Math.max(mostBytes, this.heldBytes);
            return taken;
          };
          return { ...reservation, resize };
        }
      }
      expect(await decompressed(body, header, 2 * MIB, new WatchedBudget(64 * MIB))).toBe('body_too_large');
      // The output, what a decoder looks back at, and its tables.
      expect(mostBytes).toBeLessThan(2 * MIB + 2 * MIB + 4 * MIB + 1);
      expect(await decompressed(body, header, 64 * MIB, new BodyBudget(8 * MIB))).toBe('queue_full');
    },
  );

  it('a hundred thousand empty members are nothing', async () => {
    const empty = gzipSync('');
    const body = Buffer.concat(Array.from({ length: 100_000 }, () => empty));
    expect(await decompressed(body, 'gzip')).toEqual(Buffer.alloc(0));
  });
});

describe('Transfer-Encoding', () => {
  it.each([undefined, 'chunked', 'Chunked'])('%s is taken', (header) => {
    expect(() => requireOnlyChunked(header)).not.toThrow();
  });

  it.each(['gzip, chunked', 'identity, chunked', 'x,, chunked'])('%s is not', (header) => {
    expect(() => requireOnlyChunked(header)).toThrow(
      expect.objectContaining({ code: 'unsupported_transfer_encoding' }),
    );
  });
});
