import type { Random } from '@servelab/core';
import { mutateBytes } from '../inputs/mutate-bytes.js';
import { chance, pick, randomInteger } from '../inputs/random-input.js';
import { LAST_REQUESTS, ODD_REQUESTS, PROPER_REQUESTS, type RequestShape } from '../inputs/request-shapes.js';
import { ask } from '../victim/exchange.js';
import { RawConnection } from '../victim/raw-connection.js';
import { type RawAnswer, readAnswers } from '../victim/read-answers.js';
import { until } from '../victim/until.js';
import { serverTarget } from './server-target.js';

const CLOSED_WITHIN_MS = 30_000;
/** No failure of the server's own: what it does not implement is the request's fault. */
const RIGHT = [200, 204, 400, 404, 405, 408, 411, 413, 414, 415, 417, 421, 426, 431, 501, 505];

interface Sent {
  readonly methods: readonly string[];
  /** How many at the front are right beyond doubt; null where bytes were changed, so that nothing is known. */
  readonly proper: number | null;
  /** Where the bytes are divided into packets. */
  readonly packets: number;
}

/**
 * Requests on one connection, right ones and odd ones, and ones whose bytes were changed. Every right one is answered;
 * an odd one is answered once or ends the connection; nothing in a body is taken for a request.
 */
export const headsTarget = serverTarget({
  name: 'heads',
  atOnce: 8,
  make(random) {
    const { requests, proper } = sequence(random);
    const bytes = Buffer.from(requests.map(({ text }) => text).join(''), 'latin1');
    const isChanged = chance(random, 0.3);
    const expected: Sent = {
      methods: requests.map(({ method }) => method),
      proper: isChanged ? null : proper,
      packets: pick(random, [1, 1, 2, 5]),
    };
    const how = `on one connection in ${expected.packets} packets, then half-closed`;
    return { bytes: isChanged ? mutateBytes(bytes, random) : bytes, how, expected };
  },
  async check({ bytes, expected }, { victim: { port } }) {
    const sent = expected as Sent;
    const connection = await RawConnection.open(port);
    try {
      const size = Math.ceil(bytes.length / sent.packets);
      for (let at = 0; at < bytes.length; at += size) await connection.write(bytes.subarray(at, at + size));
      connection.endWriting();
      if (!(await until(() => !connection.isOpen, CLOSED_WITHIN_MS))) {
        return `neither answered nor closed: ${connection.received.toString('latin1').slice(0, 200)}`;
      }
      const fault = faultOf(connection.received, sent);
      if (fault !== null) return fault;
    } finally {
      connection.destroy();
    }
    const { status } = await ask(port, { path: '/livez' });
    return status === 200 ? null : `the next connection was answered ${status}`;
  },
});

function sequence(random: Random): { requests: RequestShape[]; proper: number } {
  const proper = Array.from({ length: randomInteger(random, 0, 3) }, () => pick(random, PROPER_REQUESTS));
  if (chance(random, 0.3)) {
    const requests = [...proper, pick(random, LAST_REQUESTS)];
    return { requests, proper: requests.length };
  }
  const odd = chance(random, 0.8) ? [pick(random, ODD_REQUESTS)] : [];
  const after = Array.from({ length: randomInteger(random, 0, 1) }, () => pick(random, PROPER_REQUESTS));
  return {
    requests: [...proper, ...odd, ...after],
    proper: proper.length + (odd.length === 0 ? after.length : 0),
  };
}

function faultOf(received: Buffer, { methods, proper }: Sent): string | null {
  let answers: RawAnswer[];
  try {
    answers = readAnswers(received, methods);
  } catch (error) {
    // Of changed bytes nobody knows which method they ask with, and so where the answers end.
    return proper === null ? null : `no HTTP: ${(error as Error).message}`;
  }
  const faults = answers.map((answer, n) => faultOfAnswer(answer, methods[n]));
  const fault = faults.find((one) => one !== null);
  if (fault !== undefined) return fault;
  if (proper === null) return null;
  const statuses = answers.map(({ status }) => status).join();
  if (answers.length > methods.length) {
    return `more answers than requests: ${statuses} to ${methods.join()}`;
  }
  if (answers.length < proper) {
    return `right requests were not answered: ${statuses || 'nothing'} to ${methods.slice(0, proper).join()}`;
  }
  return null;
}

function faultOfAnswer({ status, headers, body }: RawAnswer, method: string | undefined): string | null {
  if (!RIGHT.includes(status)) return `answered with a wrong status: ${status} ${body.slice(0, 200)}`;
  if (!headers.has('x-request-id')) return `answered without x-request-id: ${status} ${body.slice(0, 200)}`;
  if (status < 400 || method === 'HEAD') return null;
  if (headers.get('content-type') !== 'application/problem+json') {
    return `answered without problem+json: ${status} ${headers.get('content-type')} ${body.slice(0, 200)}`;
  }
  const { code } = JSON.parse(body) as { code?: unknown };
  return typeof code === 'string' ? null : `answered without a code: ${body.slice(0, 200)}`;
}
