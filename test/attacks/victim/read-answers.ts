export interface RawAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * The answers in what a connection received, read as strictly as a client could; interim ones (1xx) are left out.
 *
 * @param methods of the requests, in order: an answer to HEAD has no body, whatever it says
 * @throws Error where it is no sequence of whole answers
 */
export function readAnswers(received: Buffer, methods: readonly string[]): RawAnswer[] {
  const text = received.toString('latin1');
  const answers: RawAnswer[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end === -1) throw new Error(`a head without end: ${text.slice(at, at + 80)}`);
    const [line = '', ...fields] = text.slice(at, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(`${line} `)?.[1]);
    if (Number.isNaN(status)) throw new Error(`no status line: ${line.slice(0, 80)}`);
    const headers = new Map(fields.map(readField));
    at = end + 4;
    if (status < 200) continue;
    const hasBody = methods[answers.length] !== 'HEAD' && status !== 204 && status !== 304;
    const { body, next } = hasBody ? readBody(text, at, headers) : { body: '', next: at };
    answers.push({ status, headers, body });
    at = next;
  }
  return answers;
}

function readField(field: string): [string, string] {
  const match = /^([\w-]+): ?(.*)$/.exec(field);
  if (match === null) throw new Error(`no header: ${field.slice(0, 80)}`);
  return [(match[1] ?? '').toLowerCase(), match[2] ?? ''];
}

function readBody(
  text: string,
  start: number,
  headers: ReadonlyMap<string, string>,
): { body: string; next: number } {
  const length = headers.get('content-length');
  if (length !== undefined) {
    const next = start + Number(length);
    if (!(next <= text.length)) throw new Error(`a body of less than ${length} bytes`);
    return { body: text.slice(start, next), next };
  }
  // Until the connection ends: whatever comes is its body.
  if (headers.get('transfer-encoding') !== 'chunked') return { body: text.slice(start), next: text.length };
  let body = '';
  for (let at = start; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (lineEnd === -1 || Number.isNaN(size)) throw new Error('a chunk without size');
    const chunkEnd = lineEnd + 2 + size;
    body += text.slice(lineEnd + 2, chunkEnd);
    if (text.slice(chunkEnd, chunkEnd + 2) !== '\r\n') throw new Error('a chunk that is cut off');
    at = chunkEnd + 2;
    if (size === 0) return { body, next: at };
  }
}
