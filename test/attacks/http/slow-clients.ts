import { type Attack, NOTHING_WRONG, onConnections, roundTrip } from '../attack.js';
import { randomInteger } from '../inputs/random-input.js';

const MIB = 1024 * 1024;
const BODY_HEAD = 'POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: image/jpeg\r\n';

/** Clients that hold what they have been given and send next to nothing. */
export const SLOW_CLIENTS: readonly Attack[] = [
  {
    name: 'three hundred bodies of 16 MiB that are declared and never sent',
    run: async ({ port, random }) => {
      await onConnections(port, 300, async (connections) => {
        for (const connection of connections) {
          const some = Buffer.alloc(randomInteger(random, 0, 2000), 0xff);
          await connection.write(`${BODY_HEAD}content-length: ${16 * MIB}\r\n\r\n`);
          await connection.write(some);
        }
        for (let n = 0; n < 20; n++) await roundTrip(port);
      });
      return NOTHING_WRONG;
    },
  },
  {
    name: 'six megabytes of body in chunks of one byte',
    // The budget of all bodies together may be spent on these.
    neighbours: [429],
    run: async ({ port }) => {
      const chunks = '1\r\nx\r\n'.repeat(MIB / 4);
      await onConnections(port, 4, async (connections) => {
        await Promise.all(
          connections.map(async (connection) => {
            await connection.write(`${BODY_HEAD}transfer-encoding: chunked\r\n\r\n`);
            for (let quarter = 0; quarter < 6; quarter++) await connection.write(chunks);
          }),
        );
        await roundTrip(port);
      });
      return NOTHING_WRONG;
    },
  },
  {
    name: 'five hundred heads that never end, a byte now and then',
    run: async ({ port, random }) => {
      await onConnections(port, 500, async (connections) => {
        for (const connection of connections) await connection.write('POST /predict HTTP/1.1\r\nx-');
        for (let n = 0; n < 20; n++) {
          for (const connection of connections) if (random() < 0.5) connection.send('y');
          await roundTrip(port);
        }
      });
      return NOTHING_WRONG;
    },
  },
  {
    name: 'a crowd of a thousand connections that say nothing',
    run: async ({ port }) => {
      await onConnections(port, 1000, async () => {
        for (let n = 0; n < 20; n++) await roundTrip(port);
      });
      return NOTHING_WRONG;
    },
  },
];
