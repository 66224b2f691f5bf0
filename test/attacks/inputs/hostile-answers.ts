import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Random } from '@servelab/core';
import { mutateBytes } from './mutate-bytes.js';
import { chance, pick, randomBytes, randomInteger } from './random-input.js';
import { zerosAsGzip } from './zeros-deflated.js';

/** What a server does with one request: plain data, so that it is kept with what it broke. */
export interface HostileAnswer {
  /** In base64: what is written, in so many pieces. */
  readonly bytes: string;
  readonly pieces: number;
  /** Written again and again until the client has enough of it. */
  readonly repeats: boolean;
  readonly end: 'stay' | 'end' | 'reset';
}

const BODY = JSON.stringify({ predictions: [{ class_id: 88, class_name: 'macaw', confidence: 0.9 }] });
/** Would clear a terminal, set its title, end a table's row, or break a record. */
const CONTROL = '\x1b[2J\x1b]0;title\x07\r\n| a | <script>alert(1)</script> \x00\x7f\u009b31m \u202e';
const MOST_BLANKS = 60_000;

export function hostileAnswer(random: Random): HostileAnswer {
  const bytes = chance(random, 0.3) ? mutateBytes(answer(random), random) : answer(random);
  return {
    bytes: bytes.toString('base64'),
    pieces: pick(random, [1, 1, 1, 2, 7, bytes.length < 2000 ? bytes.length : 3]),
    repeats: chance(random, 0.03),
    end: pick(random, ['stay', 'stay', 'stay', 'stay', 'end', 'end', 'reset']),
  };
}

function answer(random: Random): Buffer {
  if (chance(random, 0.1)) return noAnswer(random);
  const body = bodyOf(random);
  const coded = coding(random, body);
  const framing = framed(random, coded.bytes);
  const end = chance(random, 0.9) ? '\r\n' : '\n';
  const fields = [...coded.fields, ...framing.fields, ...oddFields(random)];
  const interim = chance(random, 0.1)
    ? pick(random, ['HTTP/1.1 100 Continue', 'HTTP/1.1 103 Early Hints', 'HTTP/1.1 101 Switching']) +
      end +
      end
    : '';
  const head = [statusLine(random), ...fields, '', ''].join(end);
  return Buffer.concat([
    Buffer.from(interim.repeat(randomInteger(random, 1, 3)) + head, 'latin1'),
    framing.body,
  ]);
}

const statusLine = (random: Random) =>
  chance(random, 0.7)
    ? 'HTTP/1.1 200 OK'
    : pick(random, [
        ...[
          'HTTP/1.1 200',
          'HTTP/1.0 200 OK',
          'HTTP/1.1 204 No Content',
          'HTTP/1.1 304 Not Modified',
          'HTTP/1.1 302 Found',
        ],
        ...[
          'HTTP/1.1 429 Too Many Requests',
          'HTTP/1.1 500 Oops',
          'HTTP/1.1 503 No',
          'HTTP/1.1 999 ?',
          'HTTP/1.1 000 zero',
        ],
        ...[
          'HTTP/1.1  200 OK',
          'HTTP/2 200',
          'HTTP/1.1 20 OK',
          'HTTP/1.1 2000 OK',
          'http/1.1 200 ok',
          'ICY 200 OK',
          'HTTP/1.1',
        ],
        `HTTP/1.1 200 ${CONTROL.replaceAll(/[\r\n]/g, '')}`,
        `HTTP/1.1 200 ${'O'.repeat(5000)}`,
      ]);

const bodyOf = (random: Random): Buffer =>
  pick<() => Buffer>(random, [
    () => Buffer.from(BODY),
    () => Buffer.from(BODY),
    () => Buffer.from(`\uFEFF${BODY}`),
    () => Buffer.from(BODY.replace('macaw', CONTROL.replaceAll(/[\r\n\0]/g, '\\n'))),
    () => Buffer.from(CONTROL),
    () => Buffer.from(`<html><title>${CONTROL}</title></html>`),
    () => Buffer.alloc(0),
    () => Buffer.from('['.repeat(20_000)),
    () => Buffer.from('{"predictions":'.repeat(20_000)),
    () => Buffer.from('{"predictions":[{"class_id":1e999,"class_name":[]}]}'),
    () => Buffer.from('null'),
    () => randomBytes(random, randomInteger(random, 1, 3000)),
    () => Buffer.alloc(randomInteger(random, 100_000, 8_000_000), 'x'),
  ])();

function coding(random: Random, body: Buffer): { fields: string[]; bytes: Buffer } {
  const kind = random();
  if (kind < 0.08) return { fields: ['Content-Encoding: gzip'], bytes: gzipSync(body) };
  if (kind < 0.1) return { fields: ['Content-Encoding: br'], bytes: brotliCompressSync(body) };
  if (kind < 0.11) return { fields: ['Content-Encoding: gzip'], bytes: zerosAsGzip(2 ** 29) };
  if (kind < 0.13)
    return {
      fields: [`Content-Encoding: ${pick(random, ['zstd', 'gzip, gzip', CONTROL.slice(0, 3), ''])}`],
      bytes: body,
    };
  if (kind < 0.15) return { fields: ['Content-Encoding: gzip'], bytes: mutateBytes(gzipSync(body), random) };
  return { fields: [], bytes: body };
}

function framed(random: Random, body: Buffer): { fields: string[]; body: Buffer } {
  const kind = random();
  if (kind < 0.5) return { fields: [`Content-Length: ${body.length}`], body };
  if (kind < 0.75) return { fields: ['Transfer-Encoding: chunked'], body: chunked(random, body) };
  if (kind < 0.85) return { fields: [], body };
  const length = pick(random, [
    '-1',
    '5x',
    '1e3',
    '99999999999999999999',
    `${body.length + 1}`,
    '0',
    '5, 5',
    ' ',
    '+5',
  ]);
  if (kind < 0.95) return { fields: [`Content-Length: ${length}`], body };
  const fields = [
    `Content-Length: ${body.length}`,
    `Transfer-Encoding: ${pick(random, ['chunked', 'gzip', 'chunked, chunked', 'x'])}`,
  ];
  return { fields, body: chunked(random, body) };
}

function chunked(random: Random, body: Buffer): Buffer {
  const parts: Buffer[] = [];
  const most = pick(random, [50, 5000, 1_000_000]);
  for (let at = 0; at < body.length && parts.length < 3000; ) {
    const size = Math.min(body.length - at, randomInteger(random, 1, most));
    const extension = chance(random, 0.02) ? `;${'x'.repeat(randomInteger(random, 0, 5000))}` : '';
    parts.push(
      Buffer.from(`${size.toString(16)}${extension}\r\n`),
      body.subarray(at, at + size),
      Buffer.from('\r\n'),
    );
    at += size;
  }
  const trailer = chance(random, 0.1) ? 'x: y\r\n'.repeat(randomInteger(random, 1, 20_000)) : '';
  parts.push(
    Buffer.from(
      pick(random, ['0\r\n', '0\r\n', '0;a=b\r\n', '000000000000000000\r\n', '-0\r\n', 'zz\r\n']) +
        trailer +
        '\r\n',
    ),
  );
  return Buffer.concat(parts);
}

function oddFields(random: Random): string[] {
  if (chance(random, 0.6)) return [];
  const blanks = () => ' '.repeat(randomInteger(random, 1, MOST_BLANKS));
  return Array.from({ length: randomInteger(random, 1, 3) }, () =>
    pick<() => string>(random, [
      () => 'Connection: close',
      () => 'Connection: close, foo',
      () => 'Connection: keep-alive',
      () => `Connection:${blanks()}`,
      () => `connection:${blanks()}x`,
      () => `Transfer-Encoding:${blanks()}`,
      () => `Content-Length:${blanks()}5${blanks()}`,
      () => `X:${'\t'.repeat(randomInteger(random, 1, MOST_BLANKS))}`,
      () => `Connection: ${','.repeat(randomInteger(random, 1, MOST_BLANKS))}`,
      () => `Connection: ${'a,'.repeat(randomInteger(random, 1, MOST_BLANKS / 2))}`,
      () => `Location: ${CONTROL.replaceAll(/[\r\n]/g, '')}`,
      () => `Server-Timing: ${'a;dur=1,'.repeat(5000)}`,
      () => `Set-Cookie: ${CONTROL.replaceAll(/[\r\n]/g, '')}`,
      () => 'no colon here',
      () => ' folded: line',
      () => ': nameless',
      () => 'x: y\r\n'.repeat(randomInteger(random, 1, 5000)).trimEnd(),
      () => `X-Servelab-Request: \0`,
    ])(),
  );
}

const noAnswer = (random: Random): Buffer =>
  pick<() => Buffer>(random, [
    () => Buffer.alloc(0),
    () => Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'),
    () => Buffer.from('\x15\x03\x01\x00\x02\x02\x16', 'latin1'),
    () => Buffer.from('HTTP/1.1 200 OK\r\n'),
    () => Buffer.from('\r\n'.repeat(randomInteger(random, 1, 40_000))),
    () => Buffer.from(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`),
    () => randomBytes(random, randomInteger(random, 1, 500)),
    () => Buffer.from(CONTROL),
  ])();
