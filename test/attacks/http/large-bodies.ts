import { brotliCompressSync, constants } from 'node:zlib';
import { zerosAsGzip, zerosAsZlib } from '../inputs/zeros-deflated.js';
import type { HostileBody } from './send-body.js';

const MIB = 1024 * 1024;
/** Just below the default of --max-body-bytes. */
const LARGE = 16 * MIB - 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = 'multipart/form-data; boundary=XX';
const FORM = { 'content-type': FORM_TYPE };
const FASTEST_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const REFUSED = [400, 413];

const repeated = (text: string, bytes = LARGE) => Buffer.alloc(bytes - (bytes % text.length), text);
const around = (start: string, middle: Buffer, end: string) =>
  Buffer.concat([Buffer.from(start), middle, Buffer.from(end)]);
const json = (name: string, make: () => Buffer): HostileBody => ({
  name: `JSON: ${name}`,
  headers: JSON_TYPE,
  make,
  statuses: REFUSED,
});
const form = (name: string, make: () => Buffer): HostileBody => ({
  name: `form: ${name}`,
  headers: FORM,
  make,
  statuses: REFUSED,
});

/** As large as bodies may be, and as dear to read as they come. */
export const LARGE_JSON: readonly HostileBody[] = [
  json('16 MiB of [', () => repeated('[')),
  json('16 MiB of {"a":', () => repeated('{"a":')),
  json('a list of eight million numbers', () => around('{"a":[', repeated('0,', LARGE - 10), '0]}')),
  json('millions of empty lists', () => around('{"images_base64":[', repeated('[],', LARGE - 40), '[]]}')),
  json('millions of keys', () => around('{', repeated('"a":1,', LARGE - 20), '"b":1}')),
  json('one number', () => around('{"a":', repeated('9', LARGE - 20), '}')),
  json('a string of escapes', () => around('{"image_base64":"', repeated('\\u0041', LARGE - 40), '"}')),
  json('a string of quotes', () => around('{"a":"', repeated('\\"', LARGE - 40), '"}')),
  json('blanks', () => around('{', repeated(' ', LARGE - 40), '}')),
  json('a data: prefix without end', () =>
    around('{"image_base64":"data:', repeated('a;', LARGE - 40), '"}'),
  ),
  json('a base64 text of line ends', () => around('{"image_base64":"', repeated('\\n', LARGE - 40), '"}')),
  json('half a million list elements', () =>
    around('{"images_base64":[', repeated('"AAAA",', 4 * MIB), '"AAAA"]}'),
  ),
];

const PART = '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
const NAMED = 'Content-Disposition: form-data; name="file"; filename="a"';

export const LARGE_FORMS: readonly HostileBody[] = [
  form('parts without number', () => around('', repeated(PART, LARGE - 100), '--XX--\r\n')),
  form('delimiters only', () => repeated('--XX\r\n')),
  form('almost boundaries', () =>
    around(`--XX\r\n${NAMED}\r\n\r\n`, repeated('\r\n--X', LARGE - 200), '\r\n--XX--'),
  ),
  form('line ends', () => around(`--XX\r\n${NAMED}\r\n\r\n`, repeated('\r\n', LARGE - 200), '\r\n--XX--')),
  form('one header without end', () =>
    around('--XX\r\nx: ', repeated('y', LARGE - 100), '\r\n\r\n\r\n--XX--'),
  ),
  form('headers without number', () => around('--XX\r\n', repeated('a: b\r\n', LARGE - 100), '\r\n--XX--')),
  form('parameters without number', () =>
    around('--XX\r\nContent-Disposition: form-data', repeated('; a="b"', LARGE - 100), '\r\n\r\n\r\n--XX--'),
  ),
  form('a quoted name of backslashes', () =>
    around(
      '--XX\r\nContent-Disposition: form-data; name="',
      repeated('\\"', LARGE - 100),
      '"\r\n\r\n\r\n--XX--',
    ),
  ),
  form('a header folded without end', () =>
    around('--XX\r\nContent-Disposition: form-data;', repeated('\r\n ', LARGE - 100), '\r\n\r\n\r\n--XX--'),
  ),
  form('blanks after a boundary', () => around('--XX', repeated(' ', LARGE - 100), '\r\n\r\n\r\n--XX--')),
  {
    ...form('the longest boundary, almost met throughout', () => repeated(`\r\n--${'-'.repeat(69)}x`)),
    headers: { 'content-type': `multipart/form-data; boundary=${'-'.repeat(70)}` },
  },
];

const GIB = 1024 * MIB;

/** Far more than the limit in far less; a server that knows the coding stops at the limit. */
const bomb = (coding: string, type: string, make: () => Buffer): HostileBody => ({
  name: `${coding} bomb as ${type}`,
  headers: { 'content-type': type, 'content-encoding': coding },
  make,
  statuses: [400, 413, 415],
});

export const CODED_BOMBS: readonly HostileBody[] = ['image/jpeg', 'application/json', FORM_TYPE].flatMap(
  (type) => [
    bomb('gzip', type, () => zerosAsGzip(GIB)),
    bomb('deflate', type, () => zerosAsZlib(GIB)),
    bomb('br', type, () => brotliCompressSync(Buffer.alloc(GIB / 4), FASTEST_BROTLI)),
  ],
);
