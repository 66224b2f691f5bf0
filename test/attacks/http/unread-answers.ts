import { type Attack, NO_ROOM, NOTHING_WRONG, onConnections, roundTrip } from '../attack.js';
import { ask } from '../victim/exchange.js';

const PIPELINED = 50;

/** Clients that ask and never read: nothing may be held for them for good. */
export const UNREAD_ANSWERS: readonly Attack[] = [
  {
    name: 'pipelined GETs of static pages, never read',
    run: async ({ port, isBusy }) => {
      const { status, text } = await ask(port, { path: '/docs' });
      if (isBusy && NO_ROOM.includes(status)) return NOTHING_WRONG;
      const pages = [...text.matchAll(/(?:href|src)="\.?\/?([^"]+\.(?:css|js|png))"/g)].map(
        ([, path]) => `/docs/${(path ?? '').replace(/^docs\//, '')}`,
      );
      if (pages.length === 0) return ['/docs names no static page'];
      const requests = pages.map((page) => `GET ${page} HTTP/1.1\r\nhost: a\r\n\r\n`);
      await neverRead(port, 60, (n) => (requests[n % requests.length] ?? '').repeat(PIPELINED));
      return NOTHING_WRONG;
    },
  },
  {
    name: 'pipelined GETs of /metrics and /openapi.json, never read',
    run: async ({ port }) => {
      const pair = ['/metrics', '/openapi.json'].map((path) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
      await neverRead(port, 60, () => pair.join('').repeat(PIPELINED));
      return NOTHING_WRONG;
    },
  },
  {
    name: 'pipelined predictions, never read',
    // As many as these fill the queue.
    neighbours: [429, 503],
    run: async ({ port }) => {
      const body = '{"image_base64":"R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="}';
      const type = 'content-type: application/json\r\n';
      const one = `POST /predict HTTP/1.1\r\nhost: a\r\n${type}content-length: ${body.length}\r\n\r\n${body}`;
      await neverRead(port, 20, () => one.repeat(PIPELINED));
      return NOTHING_WRONG;
    },
  },
];

/** Sends, never reads, is there for a while, and leaves without a word. */
async function neverRead(port: number, count: number, requests: (n: number) => string): Promise<void> {
  await onConnections(
    port,
    count,
    async (connections) => {
      // A server that reads no more from those who do not read leaves some of it in the sockets.
      for (const [n, connection] of connections.entries()) connection.send(requests(n));
      for (let n = 0; n < 10; n++) await roundTrip(port);
    },
    { reads: false },
  );
}
