import { describe, expect, it } from 'vitest';
import { AnswerParser, MalformedAnswer } from './answer-parser.js';

/** Gives the text in pieces of `size` bytes. @returns the parser and the bytes that it left over */
function parse(text: string, size: number) {
  const parser = new AnswerParser();
  parser.begin(true);
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    const used = parser.push(piece);
    if (used < piece.length) return { parser, left: bytes.length - at - used };
  }
  return { parser, left: 0 };
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe.each([1, 3, 7, 100_000])('an answer that comes %i bytes at a time', (size) => {
  it.each<[name: string, text: string, status: number, body: string, keepAlive: boolean]>([
    ['content-length', `${OK}Content-Length: 5\r\n\r\nhello`, 200, 'hello', true],
    ['no body', `${OK}content-length:0\r\n\r\n`, 200, '', true],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 204, '', true],
    ['a status without words', 'HTTP/1.1 503\r\ncontent-length: 2\r\n\r\nno', 503, 'no', true],
    ['connection: close', `${OK}connection: close\r\ncontent-length: 1\r\n\r\nx`, 200, 'x', false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx', 200, 'x', false],
    [
      'an interim answer first',
      `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 1\r\n\r\nx`,
      200,
      'x',
      true,
    ],
    [
      'chunked, with an extension and a trailer',
      `${OK}transfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nx-trailer: 1\r\n\r\n`,
      200,
      'hello!',
      true,
    ],
  ])('%s', (_name, text, status, body, keepAlive) => {
    const { parser, left } = parse(text, size);
    expect(parser.complete).toBe(true);
    expect(left).toBe(0);
    expect(parser.status).toBe(status);
    expect(parser.keepAlive).toBe(keepAlive);
    expect(parser.takeBody()?.toString()).toBe(body);
    expect(parser.bytes).toBe(body.length);
  });

  it('is complete without a length only when the connection closes', () => {
    const { parser } = parse(`${OK}\r\nhello`, size);
    expect(parser.complete).toBe(false);
    expect(parser.end()).toBe(true);
    expect(parser.takeBody()?.toString()).toBe('hello');
    expect(parser.keepAlive).toBe(false);
  });

  it('is not complete when the connection closes before its length', () => {
    expect(parse(`${OK}content-length: 9\r\n\r\nhello`, size).parser.end()).toBe(false);
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['another status line', 'HTTP/1.1 OK\r\n\r\n'],
    ['a length that is no number', `${OK}content-length: 5x\r\n\r\nhello`],
    ['an unknown encoding', `${OK}transfer-encoding: gzip\r\n\r\n`],
    ['a chunk size that is no number', `${OK}transfer-encoding: chunked\r\n\r\nhello\r\n`],
    ['a chunk longer than its size', `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhello\r\n`],
    ['a head without end', `${OK}x: ${'y'.repeat(70_000)}`],
  ])('refuses %s', (_name, text) => {
    expect(() => parse(text, size)).toThrow(MalformedAnswer);
  });
});

it('leaves bytes beyond the answer to the caller', () => {
  expect(parse(`${OK}content-length: 1\r\n\r\nxHTTP`, 100_000).left).toBe(4);
});
