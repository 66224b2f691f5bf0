import { type Attack, onConnections } from '../attack.js';

const CHUNK = 64 * 1024;
const MOST_CHUNKS = 64;

/** What a head without end may consist of. */
const ENDLESS = {
  'one header that goes on': (n: number) => (n === 0 ? 'x: ' : '').padEnd(CHUNK, 'y'),
  'headers without number': () => 'a: b\r\n'.repeat(CHUNK / 6),
  'a URL without end': (n: number) => (n === 0 ? 'z' : '').padEnd(CHUNK, 'z'),
  'blank lines before the request': () => '\r\n'.repeat(CHUNK / 2),
  'blanks after a header': () => ' '.repeat(CHUNK),
};

const STARTS: Readonly<Record<keyof typeof ENDLESS, string>> = {
  'one header that goes on': 'GET /livez HTTP/1.1\r\nhost: a\r\n',
  'headers without number': 'GET /livez HTTP/1.1\r\nhost: a\r\n',
  'a URL without end': 'GET /',
  'blank lines before the request': '',
  'blanks after a header': 'GET /livez HTTP/1.1\r\nconnection:',
};

/** Heads of up to 4 MiB: refused long before, and the connection with them. */
export const ENDLESS_HEADS: readonly Attack[] = (Object.keys(ENDLESS) as (keyof typeof ENDLESS)[]).map(
  (what) => ({
    name: `heads without end: ${what}`,
    run: async ({ port }) => {
      const found: string[] = [];
      await onConnections(port, 8, async (connections) => {
        for (const connection of connections) {
          await connection.write(STARTS[what]);
          for (let n = 0; n < MOST_CHUNKS && connection.isOpen; n++) await connection.write(ENDLESS[what](n));
          // Blank lines before a request are thrown away as they come: nothing is held, so nothing need be refused.
          if (connection.isOpen && what !== 'blank lines before the request') {
            found.push(`${(MOST_CHUNKS * CHUNK) / 1024} KiB of head were taken: ${connection.received}`);
          }
        }
      });
      return found;
    },
  }),
);
