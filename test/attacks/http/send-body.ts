import { type Answer, ask } from '../victim/exchange.js';

export interface HostileBody {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Made only when it is sent: many of these have the size of the limit. */
  make(): Buffer;
  /** What it may be answered. */
  readonly statuses: readonly number[];
}

/** @returns what is wrong with the answer, null for a right one */
export async function sendBody(
  port: number,
  body: HostileBody,
  alsoAllowed: readonly number[] = [],
): Promise<string | null> {
  const answer = await ask(port, {
    method: 'POST',
    path: '/predict',
    headers: body.headers,
    body: body.make(),
  });
  return [...body.statuses, ...alsoAllowed].includes(answer.status)
    ? faultOfProblem(answer)
    : `answered ${shown(answer)}`;
}

/** Whatever is no success is a problem with a code, and tells no stranger about the inside. */
export function faultOfProblem(answer: Answer): string | null {
  if (answer.status < 400) return null;
  if (answer.contentType !== 'application/problem+json') return `no problem+json: ${shown(answer)}`;
  const { code, status } = JSON.parse(answer.text) as { code?: unknown; status?: unknown };
  if (typeof code !== 'string' || status !== answer.status) return `no proper problem: ${shown(answer)}`;
  return /node:|\.js:\d+|\n\s+at /.test(answer.text) ? `a stack trace: ${shown(answer)}` : null;
}

const shown = ({ status, contentType, text }: Answer): string =>
  `${status} ${contentType} ${text.slice(0, 200)}`;
