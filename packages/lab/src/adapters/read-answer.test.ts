import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './read-answer.js';
import { beginningOf, readJson } from './read-json.js';

const MACAW = { class_id: 88, class_name: 'macaw', confidence: 0.9 };
const TEXT = JSON.stringify({ predictions: [MACAW] });
const PLAIN = Buffer.from(TEXT);
const MARKED = Buffer.from(`\ufeff${TEXT}`);

describe('an answer', () => {
  // loadtest#108: a server that compresses, asked or not, was taken for one that answers wrong.
  it.each([
    ['as it is', PLAIN, ''],
    ['with its encoding named identity', PLAIN, 'identity'],
    ['in gzip', gzipSync(PLAIN), 'gzip'],
    ['in gzip by its old name', gzipSync(PLAIN), 'x-gzip'],
    ['in deflate', deflateSync(PLAIN), 'deflate'],
    ['in deflate as some servers mean it', deflateRawSync(PLAIN), 'deflate'],
    ['in br', brotliCompressSync(PLAIN), 'br'],
    ['in two encodings', brotliCompressSync(gzipSync(PLAIN)), 'gzip, br'],
    ['with a byte-order mark', MARKED, ''],
    ['with a byte-order mark in gzip', gzipSync(MARKED), 'gzip'],
    ['in UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), ''],
    ['in UTF-16 the other way round', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(), ''],
  ])('is read %s', (_how, body, contentEncoding) => {
    expect(readAnswer(body, contentEncoding)).toEqual({ predictions: [MACAW], fault: null });
  });

  it.each<[what: string, body: Buffer, contentEncoding: string, fault: { reason: string; example?: string }]>(
    [
      ['nothing', Buffer.alloc(0), '', { reason: 'no JSON (empty)' }],
      ['blanks', Buffer.from(' \r\n'.repeat(200)), '', { reason: 'no JSON (empty)' }],
      ['a page', Buffer.from('\n<!DOCTYPE html><p>'), '', { reason: 'no JSON (HTML)' }],
      ['XML', Buffer.from('<?xml version="1.0"?>'), '', { reason: 'no JSON (XML)' }],
      [
        'gzip that is not called so',
        gzipSync(PLAIN),
        '',
        { reason: 'no JSON (gzip without Content-Encoding)' },
      ],
      ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47]), '', { reason: 'no JSON (bytes)' }],
      ['words', Buffer.from('Not today\u001b[2J'), '', { reason: 'no JSON', example: 'Not today\\u001b[2J' }],
      ['NaN', Buffer.from('{"p": NaN}'), '', { reason: 'no JSON', example: '{"p": NaN}' }],
      ['an empty list', Buffer.from('[]'), '', { reason: 'no predictions', example: '[]' }],
      ['zstd', PLAIN, 'zstd', { reason: 'Content-Encoding "zstd" is not read' }],
      [
        'a name that objects have',
        PLAIN,
        'constructor',
        { reason: 'Content-Encoding "constructor" is not read' },
      ],
      ['no gzip', PLAIN, 'gzip', { reason: 'the answer is no gzip, which its Content-Encoding says' }],
      [
        'half of gzip',
        gzipSync(PLAIN).subarray(0, 30),
        'gzip',
        {
          reason: 'the answer is no gzip, which its Content-Encoding says',
        },
      ],
      ['too many encodings', PLAIN, 'br,br,br,br', { reason: 'Content-Encoding "br,br,br,br" is not read' }],
    ],
  )('that is %s is explained', (_what, body, contentEncoding, fault) => {
    expect(readAnswer(body, contentEncoding)).toEqual({ predictions: null, fault });
  });

  it('that becomes huge once it is decoded is not read to its end', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, ' '));
    expect(bomb.length).toBeLessThan(70_000);
    expect(readJson(bomb, 'gzip').fault?.reason).toBe('the answer is over 16 MiB once it is decoded');
  });

  it('nested too deeply is answered for as well', () => {
    const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
    expect(readAnswer(deep).fault?.reason).toBe('no predictions');
  });
});

it('shows the beginning of an answer, also of one that is cut off in its encoding', () => {
  const long = Buffer.from(`{"title": "${'no '.repeat(100)}"}`);
  expect(beginningOf(long, '')).toBe(`${long.toString().slice(0, 100)}…`);
  expect(beginningOf(gzipSync(PLAIN).subarray(0, 60), 'gzip')).toMatch(/^\{"predictions"/);
  expect(beginningOf(PLAIN, 'zstd')).toBe('');
});
