import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerParser, KEPT_LIMIT_BYTES } from './answer-parser.js';
import { ByteBudget } from './growing-bytes.js';
import { MalformedAnswer } from './malformed-answer.js';

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
    // httperf#4: the header is a list, in any case, and may be there twice.
    [
      'connection: close among others',
      `${OK}Connection: Close, foo\r\ncontent-length: 1\r\n\r\nx`,
      200,
      'x',
      false,
    ],
    ['close behind others', `${OK}connection: foo ,\tclose\r\ncontent-length: 1\r\n\r\nx`, 200, 'x', false],
    [
      'close in a second line',
      `${OK}connection: foo\r\ncontent-length: 1\r\nConnection: close\r\n\r\nx`,
      200,
      'x',
      false,
    ],
    ['a word that only holds close', `${OK}connection: closed\r\ncontent-length: 1\r\n\r\nx`, 200, 'x', true],
    [
      'HTTP/1.0 that goes on',
      'HTTP/1.0 200 OK\r\nconnection: foo, Keep-Alive\r\ncontent-length: 1\r\n\r\nx',
      200,
      'x',
      true,
    ],
    [
      'lines that end in LF',
      'HTTP/1.1 200 OK\nconnection: close\ncontent-length: 3\n\n\n\nx',
      200,
      '\n\nx',
      false,
    ],
    ['lines that end in either', 'HTTP/1.1 200 OK\r\nA: b\ncontent-length: 1\r\n\nx', 200, 'x', true],
    ['LF first, CR LF last', 'HTTP/1.1 200 OK\nA: b\ncontent-length: 1\n\r\nx', 200, 'x', true],
    [
      'chunks whose lines end in LF',
      'HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n2\nhe\n3 \nllo\n0\n\n',
      200,
      'hello',
      true,
    ],
    ['the same length twice', `${OK}content-length: 1\r\ncontent-length: 1\r\n\r\nx`, 200, 'x', true],
    [
      'a length and chunks',
      `${OK}content-length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
      200,
      'x',
      true,
    ],
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
    expect(parser.head.status).toBe(status);
    expect(parser.head.keepAlive).toBe(keepAlive);
    expect(parser.keptBody().toString()).toBe(body);
    expect(parser.bytes).toBe(body.length);
  });

  it('is complete without a length only when the connection closes', () => {
    const { parser } = parse(`${OK}\r\nhello`, size);
    expect(parser.complete).toBe(false);
    expect(parser.end()).toBe(true);
    expect(parser.keptBody().toString()).toBe('hello');
    expect(parser.head.keepAlive).toBe(false);
  });

  it('is not complete when the connection closes before its length', () => {
    expect(parse(`${OK}content-length: 9\r\n\r\nhello`, size).parser.end()).toBe(false);
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['another status line', 'HTTP/1.1 OK\r\n\r\n'],
    ['a length that is not a number', `${OK}content-length: 5x\r\n\r\nhello`],
    ['an unknown encoding', `${OK}transfer-encoding: gzip\r\n\r\n`],
    ['a chunk size that is not a number', `${OK}transfer-encoding: chunked\r\n\r\nhello\r\n`],
    ['a chunk longer than its size', `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhello\r\n`],
    ['two lengths', `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nhello`],
    ['an absurd length', `${OK}content-length: ${'9'.repeat(400)}\r\n\r\nhello`],
    ['chunks under another encoding', `${OK}transfer-encoding: gzip, chunked\r\n\r\n`],
    ['another protocol from here on', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n'],
    ['interim answers without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(3000)],
    ['a chunk extension without end', `${OK}transfer-encoding: chunked\r\n\r\n1;${'y'.repeat(5000)}`],
    ['trailers without end', `${OK}transfer-encoding: chunked\r\n\r\n0\r\n${'x: y\r\n'.repeat(20_000)}`],
    ['a head without end', `${OK}x: ${'y'.repeat(70_000)}`],
  ])('refuses %s', (_name, text) => {
    expect(() => parse(text, size)).toThrow(MalformedAnswer);
  });
});

it('leaves bytes beyond the answer to the caller', () => {
  expect(parse(`${OK}content-length: 1\r\n\r\nxHTTP`, 100_000).left).toBe(4);
});

it('reads an answer the same however it is cut, and says of none what it cannot know', () => {
  const answers = [
    `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}content-length: 5\r\nConnection: close, foo\r\n\r\nhello`,
    'HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n5;a=b\nhello\n0\nx: y\n\n',
    'HTTP/1.1 500 No\r\ncontent-length: 5\r\n\r\nhello',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...answers),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (text, sizes) => {
        const whole = parse(text, text.length).parser;
        const parser = new AnswerParser();
        parser.begin(true);
        const bytes = Buffer.from(text);
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          expect(parser.complete).toBe(false);
          parser.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect([parser.head, parser.keptBody(), parser.interims]).toEqual([
          whole.head,
          whole.keptBody(),
          whole.interims,
        ]);
      },
    ),
  );
});

describe('what is kept of a body', () => {
  const chunked = (length: number) => `${length.toString(16)}\r\n${'x'.repeat(length)}\r\n`;
  const begin = (head: string, budget = new ByteBudget(2 ** 30), keepBody = true) => {
    const parser = new AnswerParser(budget);
    parser.begin(keepBody);
    parser.push(Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n`));
    return parser;
  };

  it('is nothing unless it was asked for', () => {
    const parser = begin(OK, undefined, false);
    parser.push(Buffer.from(`${chunked(1000)}0\r\n\r\n`));
    expect(parser).toMatchObject({ complete: true, bytes: 1000, tooLong: false });
    expect(parser.keptBody().length).toBe(0);
  });

  it('is all of it up to a limit, and nothing of a longer one', () => {
    const parser = begin(OK);
    for (let left = KEPT_LIMIT_BYTES; left > 0; left -= 2 ** 16) parser.push(Buffer.from(chunked(2 ** 16)));
    expect(parser.tooLong).toBe(false);
    expect(parser.keptBody().length).toBe(KEPT_LIMIT_BYTES);
    parser.push(Buffer.from(chunked(1)));
    expect(parser.tooLong).toBe(true);
    expect(parser.keptBody().length).toBe(0);
    parser.push(Buffer.from('0\r\n\r\n'));
    expect(parser).toMatchObject({ complete: true, bytes: KEPT_LIMIT_BYTES + 1 });
  });

  it('is the beginning where the status says that it is no right answer', () => {
    const parser = begin('HTTP/1.1 500 No\r\n', undefined, false);
    for (let chunk = 0; chunk < 100; chunk++) parser.push(Buffer.from(chunked(10)));
    expect(parser.keptBody().toString()).toBe('x'.repeat(256));
    expect(parser.tooLong).toBe(false);
  });

  it('is charged by what it takes, all connections together, and comes back', () => {
    const budget = new ByteBudget(64 * 1024);
    const parsers = Array.from({ length: 4 }, () => begin(OK, budget));
    for (const parser of parsers)
      for (let byte = 0; byte < 20_000; byte++) parser.push(Buffer.from('1\r\nx\r\n'));
    expect(parsers.map(({ tooLong }) => tooLong)).toEqual([false, false, true, true]);
    for (const parser of parsers) parser.release();
    expect(budget.take(64 * 1024)).toBe(true);
  });

  it('is never more than twice its bytes in memory, in chunks of whatever size', () => {
    const budget = new ByteBudget(2 * 100_000);
    const parser = begin(OK, budget);
    for (let byte = 0; byte < 100_000; byte++) parser.push(Buffer.from('1\r\nx\r\n'));
    expect(parser.tooLong).toBe(false);
    expect(parser.keptBody().length).toBe(100_000);
  });
});

// The pattern that looked for a header took cubic time over blanks: minutes for this one head.
it('reads a head full of blanks in the time that its bytes take', () => {
  for (const name of ['connection', 'content-length', 'transfer-encoding', 'location', 'x']) {
    const blanks = ' '.repeat(60_000);
    const parser = new AnswerParser();
    parser.begin(false);
    const start = process.cpuUsage();
    try {
      parser.push(Buffer.from(`${OK}${name}:${blanks}\rx\r\ncontent-length: 1\r\n\r\nx`));
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedAnswer);
    }
    // It takes less than a millisecond; half an hour at the old pace.
    expect(process.cpuUsage(start).user).toBeLessThan(2e6);
  }
});
