import { type Agent, request } from 'node:http';

export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** An hour of fuzzing must not end in one exchange: no answer of a server that works takes so long. */
const HANGS_AFTER_MS = 90_000;

/**
 * One question, by default on a connection of its own, which leaves no descriptor open on either side.
 *
 * @param agent keeps connections for the next question
 */
export function ask(
  port: number,
  { method = 'GET', path, headers = {}, body }: Question,
  agent: Agent | false = false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.setTimeout(HANGS_AFTER_MS, () => sent.destroy(new Error(`no answer in ${HANGS_AFTER_MS} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
