import { MalformedAnswer, shownValue } from './malformed-answer.js';

/** What the head of an answer says of its body and of the connection (RFC 9112). */
export interface AnswerHead {
  readonly status: number;
  readonly keepAlive: boolean;
  readonly chunked: boolean;
  /** Null: none is given. */
  readonly length: number | null;
  /** In small letters, '' where there is none: the encodings of the body in the order in which they were applied. */
  readonly contentEncoding: string;
  /** Where a redirect leads; '' where there is none. */
  readonly location: string;
}

const VERSION = 'HTTP/1.';
/** Where the minor version and the status stand in the first line. */
const MINOR_AT = VERSION.length;
const STATUS_AT = MINOR_AT + 2;
const [ZERO, NINE] = ['0'.charCodeAt(0), '9'.charCodeAt(0)] as const;
const CR = '\r'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
/** First letters of the headers that decide anything, and the lengths of their names. */
const [C, L, T] = ['c'.charCodeAt(0), 'l'.charCodeAt(0), 't'.charCodeAt(0)] as const;
const SMALL = 0x20;
const CONNECTION = 'connection'.length;
const CONTENT_LENGTH = 'content-length'.length;
const CONTENT_ENCODING = 'content-encoding'.length;
const LOCATION = 'location'.length;
const TRANSFER_ENCODING = 'transfer-encoding'.length;

/** Values of those headers so far. One that is given several times is a list, as if it were one with commas. */
interface Values {
  connection: string;
  transferEncoding: string;
  contentLength: string;
  contentEncoding: string;
  location: string;
}

/**
 * Reads a head in one pass over its lines, which end in CR LF or in LF alone.
 *
 * @param head with the blank line that ends it
 * @throws MalformedAnswer
 */
export function parseHead(head: string): AnswerHead {
  const status = statusOf(head);
  const values = readFields(head);
  const connection = items(values.connection);
  const isNew = head[MINOR_AT] === '1';
  return {
    status,
    // HTTP/1.0 closes unless it says otherwise.
    keepAlive: !connection.includes('close') && (isNew || connection.includes('keep-alive')),
    chunked: isChunked(values.transferEncoding),
    length: lengthOf(values.contentLength),
    contentEncoding: values.contentEncoding,
    location: values.location,
  };
}

/** Of a line such as `HTTP/1.1 200 OK`, or without the words. */
function statusOf(head: string): number {
  const minor = head[MINOR_AT];
  let status = 0;
  for (let at = STATUS_AT; at < STATUS_AT + 3; at++) {
    const digit = head.charCodeAt(at);
    status = digit >= ZERO && digit <= NINE ? 10 * status + digit - ZERO : Number.NaN;
  }
  const isVersion =
    head.startsWith(VERSION) && (minor === '0' || minor === '1') && head[STATUS_AT - 1] === ' ';
  const isEnd = ' \r\n'.includes(head[STATUS_AT + 3] ?? '-');
  if (isVersion && isEnd && status >= 100) return status;
  throw new MalformedAnswer('the answer does not start with an HTTP/1.1 status line');
}

function readFields(head: string): Values {
  const values: Values = {
    connection: '',
    transferEncoding: '',
    contentLength: '',
    contentEncoding: '',
    location: '',
  };
  for (let end = head.indexOf('\n'); end !== -1; ) {
    const start = end + 1;
    end = head.indexOf('\n', start);
    if (end !== -1 && mayMatter(head, start)) readField(values, head, start, end);
  }
  return values;
}

/** By first letter and length of the name, so that hardly a header that decides nothing is read. */
function mayMatter(head: string, start: number): boolean {
  switch (head.charCodeAt(start) | SMALL) {
    case C:
      return (
        head.charCodeAt(start + CONNECTION) === COLON ||
        head.charCodeAt(start + CONTENT_LENGTH) === COLON ||
        head.charCodeAt(start + CONTENT_ENCODING) === COLON
      );
    case L:
      return head.charCodeAt(start + LOCATION) === COLON;
    case T:
      return head.charCodeAt(start + TRANSFER_ENCODING) === COLON;
    default:
      return false;
  }
}

function readField(values: Values, head: string, start: number, end: number): void {
  const colon = head.indexOf(':', start);
  const value = () => head.slice(colon + 1, head.charCodeAt(end - 1) === CR ? end - 1 : end).trim();
  switch (head.slice(start, colon).toLowerCase()) {
    case 'connection':
      values.connection = joined(values.connection, value());
      break;
    case 'transfer-encoding':
      values.transferEncoding = joined(values.transferEncoding, value());
      break;
    case 'content-length':
      values.contentLength = joined(values.contentLength, value());
      break;
    case 'content-encoding':
      values.contentEncoding = joined(values.contentEncoding, value().toLowerCase());
      break;
    case 'location':
      values.location = value();
      break;
  }
}

const joined = (before: string, value: string): string => (before === '' ? value : `${before},${value}`);

const NO_ITEMS: readonly string[] = [];

/** Of a list with commas, in small letters. */
function items(list: string): readonly string[] {
  if (list === '') return NO_ITEMS;
  const small = list.toLowerCase();
  return small.includes(',') ? small.split(',').map((item) => item.trim()) : [small];
}

function isChunked(transferEncoding: string): boolean {
  if (transferEncoding === '') return false;
  if (transferEncoding.toLowerCase() === 'chunked') return true;
  throw new MalformedAnswer(`transfer-encoding ${shownValue(transferEncoding)} is not known`);
}

/** A length that is repeated is one length. */
function lengthOf(contentLength: string): number | null {
  if (contentLength === '') return null;
  const [first = '', ...others] = contentLength.includes(',') ? items(contentLength) : [contentLength];
  if (!/^\d{1,15}$/.test(first)) {
    throw new MalformedAnswer(`content-length ${shownValue(contentLength)} is not a number`);
  }
  if (others.some((other) => other !== first)) {
    throw new MalformedAnswer(`content-length ${shownValue(contentLength)} is more than one number`);
  }
  return Number(first);
}
