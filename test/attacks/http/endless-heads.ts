import { type Attack, onConnections } from '../attack.js';
import type { RawConnection } from '../victim/raw-connection.js';
import { until } from '../victim/until.js';

const CHUNK = 64 * 1024;
const MOST_CHUNKS = 64;
/** Shorter than the time for heads, which would end it in any case. */
const REFUSED_WITHIN_MS = 8000;

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

/** Thrown away as they come: nothing is held of them, so the time for the head is the only limit that they need. */
const HELD_NOWHERE: readonly string[] = ['blank lines before the request', 'blanks after a header'];

/** Heads of up to 4 MiB: refused long before, with words for those who read them. */
export const ENDLESS_HEADS: readonly Attack[] = (Object.keys(ENDLESS) as (keyof typeof ENDLESS)[]).map(
  (what) => ({
    name: `heads without end: ${what}`,
    run: async ({ port }) => {
      const found: string[] = [];
      await onConnections(port, 8, async (connections) => {
        for (const connection of connections) {
          await connection.write(STARTS[what]);
          for (let n = 0; n < MOST_CHUNKS && connection.isOpen; n++) await connection.write(ENDLESS[what](n));
          if (!HELD_NOWHERE.includes(what)) found.push(...(await faultOfRefusal(connection)));
        }
      });
      return found;
    },
  }),
);

/** Whoever goes on sending may lose the answer, but not the connection's end. */
async function faultOfRefusal(connection: RawConnection): Promise<string[]> {
  const isRefused = () => /^HTTP\/1\.1 4/.test(connection.received.toString('latin1'));
  if (await until(() => !connection.isOpen || isRefused(), REFUSED_WITHIN_MS)) return [];
  return [`${(MOST_CHUNKS * CHUNK) / 1024} KiB of head were taken and not refused`];
}
