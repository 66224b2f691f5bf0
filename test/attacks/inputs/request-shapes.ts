import { IMAGES } from '../../fixtures/images.js';

/** A request as bytes. */
export interface RequestShape {
  readonly text: string;
  readonly method: string;
}

const IMAGE = IMAGES.gif.toString('latin1');
const CRLF = '\r\n';
const request = (line: string, fields: readonly string[] = [], body = ''): RequestShape => ({
  text: [line, ...fields, '', body].join(CRLF),
  method: line.split(' ', 1)[0] ?? '',
});
const get = (path: string, ...fields: string[]) => request(`GET ${path} HTTP/1.1`, ['Host: a', ...fields]);
const post = (fields: readonly string[], body: string) =>
  request('POST /predict HTTP/1.1', ['Host: a', 'Content-Type: image/gif', ...fields], body);
const chunk = (data: string, extension = '') => `${data.length.toString(16)}${extension}\r\n${data}\r\n`;
const chunked = (body: string, field = 'Transfer-Encoding: chunked') => post([field], body);

/** Right ones that leave the connection open: each is answered. */
export const PROPER_REQUESTS: readonly RequestShape[] = [
  get('/livez'),
  get('/livez?a=b%20c'),
  get('/nothing/here'),
  get('/livez', 'Empty:', 'X-Long: '.padEnd(6000, 'x')),
  get('/livez', ...Array.from({ length: 60 }, (_, n) => `x-${n}: ${n}`)),
  request('HEAD /livez HTTP/1.1', ['Host: a']),
  request('PUT /predict HTTP/1.1', ['host:a', 'content-length: 3'], 'abc'),
  request('DELETE /livez HTTP/1.1', ['Host: a']),
  request('GET http://elsewhere/livez HTTP/1.1', ['Host: elsewhere']),
  post([`Content-Length: ${IMAGE.length}`], IMAGE),
  post([`content-length:  ${IMAGE.length} `, 'connection: keep-alive'], IMAGE),
  post([`Content-Length: ${IMAGE.length}`, 'Expect: 100-continue'], IMAGE),
  chunked(`${chunk(IMAGE)}0\r\n\r\n`),
  chunked(
    `${chunk(IMAGE.slice(0, 9), ';a="b"')}${chunk(IMAGE.slice(9))}000\r\n\r\n`,
    'transfer-encoding: Chunked',
  ),
  post(['Content-Length: 0'], ''),
];

/** Right ones after which the server closes. */
export const LAST_REQUESTS: readonly RequestShape[] = [
  get('/livez', 'Connection: close'),
  get('/livez', 'Connection: foo, Close'),
  request('GET /livez HTTP/1.0'),
  post([`Content-Length: ${IMAGE.length}`, 'Connection: close'], IMAGE),
];

/** Would be answered if it were taken for a request: what stands where a body may be. */
const SMUGGLED = 'GET /livez?smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const smuggling = (...fields: string[]) => post(fields, `0\r\n\r\n${SMUGGLED}`);
const TE = 'Transfer-Encoding: chunked';

/** Wrong, or read in two ways by different servers: one answer at most to each, and no other request is found in it. */
export const ODD_REQUESTS: readonly RequestShape[] = [
  // Two lengths of one body (RFC 9112, 6.3 and 11.2).
  smuggling(TE, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`Content-Length: ${5 + SMUGGLED.length}`, TE),
  smuggling('Content-Length: 5', `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`Content-Length: 5, ${5 + SMUGGLED.length}`),
  ...['+5', '-5', '0x5', '5 5', '5;', '', '1e1', '05abc', '٥', '99999999999999999999'].map((length) =>
    smuggling(`Content-Length: ${length}`),
  ),
  ...[
    ...['xchunked', 'chunked, identity', 'identity', 'identity, chunked', 'chunked, chunked', '"chunked"'],
    ...['chunked;a=b', '\x0bchunked', 'chunked\x00', 'chun\tked', 'gzip, chunked', 'gzip', ', chunked', ''],
  ].map((coding) => smuggling(`Transfer-Encoding: ${coding}`, `Content-Length: ${5 + SMUGGLED.length}`)),
  smuggling(`Transfer-Encoding : chunked`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`Transfer-Encoding\t: chunked`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(` ${TE}`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`X: y\r\n ${TE}`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`X: y\n${TE}`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`X: y\r${TE}`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling(`X: y\0\r\n${TE}`, `Content-Length: ${5 + SMUGGLED.length}`),
  smuggling('Transfer-Encoding:', ' chunked', `Content-Length: ${5 + SMUGGLED.length}`),
  request('POST /predict HTTP/1.0', [TE, `Content-Length: ${5 + SMUGGLED.length}`], `0\r\n\r\n${SMUGGLED}`),
  request('GET /livez HTTP/1.1', ['Host: a', `Content-Length: ${SMUGGLED.length}`], SMUGGLED),
  // Chunks.
  ...[
    ...[
      'FFFFFFFFFFFFFFFF1\r\n',
      '-1\r\nx',
      '+5\r\nhello\r\n0\r\n\r\n',
      '0x5\r\nhello\r\n0\r\n\r\n',
      ' 5\r\nhello\r\n0\r\n\r\n',
    ],
    ...[
      '5 \r\nhello\r\n0\r\n\r\n',
      '5\nhello\n0\n\n',
      '5\r\nhelloX\r\n0\r\n\r\n',
      '5\r\nhello0\r\n\r\n',
      '\r\n\r\n',
      'z\r\n',
      '',
    ],
    ...[
      `5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
      '5;a=\n\r\nhello\r\n0\r\n\r\n',
      '0\r\nContent-Length: 9\r\n\r\n',
    ],
    ...[
      `0\r\n${'t: r\r\n'.repeat(3000)}\r\n`,
      '0\r\nbad trailer\r\n\r\n',
      '5\r\nhello\r\n0\r\n',
      '1;\r\nx\r\n0;\r\n\r\n',
    ],
  ].map((body) => chunked(body)),
  // Heads.
  request('GET /livez HTTP/1.1'),
  request('GET /livez HTTP/1.1', ['Host: a', 'Host: b']),
  request('GET /livez HTTP/1.1', ['Host: a b']),
  request('GET /livez HTTP/1.1', ['Host:']),
  request('GET http://a/livez HTTP/1.1', ['Host: b']),
  { text: 'GET /livez HTTP/1.1\nHost: a\n\n', method: 'GET' },
  { text: 'GET /livez\r\n\r\n', method: 'GET' },
  { text: 'GET  /livez  HTTP/1.1\r\nHost: a\r\n\r\n', method: 'GET' },
  { text: '\r\n\r\n\n GET /livez HTTP/1.1\r\nHost: a\r\n\r\n', method: 'GET' },
  request('get /livez HTTP/1.1', ['Host: a']),
  request('G\0T /livez HTTP/1.1', ['Host: a']),
  request('BREW /livez HTTP/1.1', ['Host: a']),
  request('CONNECT a:1 HTTP/1.1', ['Host: a:1']),
  request('TRACE /livez HTTP/1.1', ['Host: a']),
  request('OPTIONS * HTTP/1.1', ['Host: a']),
  request('M-SEARCH * HTTP/1.1', ['Host: a']),
  ...[
    'HTTP/1.2',
    'HTTP/2.0',
    'HTTP/0.9',
    'HTTP/11',
    'http/1.1',
    'HTTP/1.1.1',
    'HTTP/1. 1',
    'ICE/1.0',
    '',
  ].map((version) => request(`GET /livez ${version}`, ['Host: a'])),
  ...[
    '/%zz',
    '/%00',
    '/%2e%2e/livez',
    '//livez',
    '/../livez',
    '/\x7f',
    '/é',
    '/livez#x',
    'livez',
    '*',
    '/predict/',
    '/a b',
    '?',
    'http://',
    'file:///livez',
    '/'.padEnd(9000, 'a'),
    '/'.padEnd(90_000, 'b'),
  ].map((path) => get(path)),
  get('/livez', 'no colon'),
  get('/livez', ': no name'),
  get('/livez', 'a b: c'),
  get('/livez', 'a\0b: c'),
  get('/livez', 'a: b\0c'),
  get('/livez', 'a: b\x01\x7fc'),
  get('/livez', 'ä: ö'),
  get('/livez', `x: ${'y'.repeat(20_000)}`),
  get('/livez', ...Array.from({ length: 3000 }, (_, n) => `x-${n}: y`)),
  get('/livez', ...Array<string>(500).fill('x: y')),
  get(
    '/livez',
    'Connection: upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAA',
  ),
  get('/livez', 'Connection: upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
  post(['Content-Length: 3', 'Expect: the unexpected'], 'abc'),
  post(['Content-Length: 3', 'Expect: 100-continue, x'], 'abc'),
  post(['Content-Length: 100'], 'abc'),
  // No HTTP/1 at all.
  { text: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', method: 'PRI' },
  { text: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.padEnd(300, '\0'), method: '' },
  { text: 'SSH-2.0-OpenSSH_9.2\r\n', method: '' },
  { text: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', method: '' },
  { text: '\0'.repeat(500), method: '' },
];
