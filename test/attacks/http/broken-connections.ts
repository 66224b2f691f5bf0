import { shuffled } from '@servelab/core';
import { IMAGES } from '../../fixtures/images.js';
import { type Attack, NO_ROOM, NOTHING_WRONG, onConnections, roundTrip } from '../attack.js';
import { RawConnection } from '../victim/raw-connection.js';
import { readAnswers } from '../victim/read-answers.js';

const HEAD = `POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: image/gif\r\ncontent-length: ${IMAGES.gif.length}\r\n`;
const WHOLE = Buffer.concat([Buffer.from(`${HEAD}\r\n`), IMAGES.gif]);
const CHUNKED =
  'POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: image/gif\r\ntransfer-encoding: chunked\r\n\r\n';

/** What had been said when the connection broke. */
const STATES: readonly (string | Buffer)[] = [
  '',
  'PO',
  'POST /predict HTTP/1.1\r\n',
  HEAD,
  `${HEAD}\r\n`,
  Buffer.concat([Buffer.from(`${HEAD}\r\n`), IMAGES.gif.subarray(0, 10)]),
  WHOLE,
  Buffer.concat([WHOLE, WHOLE, WHOLE]),
  Buffer.concat([WHOLE, Buffer.from(HEAD)]),
  CHUNKED,
  `${CHUNKED}5`,
  `${CHUNKED}5\r\nGIF89`,
  `${CHUNKED}5\r\nGIF89\r\n0\r\n`,
  `${HEAD}expect: 100-continue\r\n\r\n`,
  'GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nhost: a\r\n\r\n',
  'GET /metrics HTTP/1.1\r\nhost: a\r\n\r\nGET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n',
];

export const BROKEN_CONNECTIONS: readonly Attack[] = [
  {
    name: 'resets in every state of a request',
    run: async ({ port, random }) => {
      for (let round = 0; round < 10; round++) {
        const states = shuffled(STATES, random);
        await onConnections(port, states.length, async (connections) => {
          for (const [n, connection] of connections.entries()) await connection.write(states[n] ?? '');
          if (random() < 0.5) await roundTrip(port);
          for (const connection of connections) connection.reset();
        });
      }
      return NOTHING_WRONG;
    },
  },
  {
    name: 'connections half-closed in every state of a request',
    run: async ({ port }) => {
      await onConnections(port, STATES.length, async (connections) => {
        for (const [n, connection] of connections.entries()) {
          await connection.write(STATES[n] ?? '');
          connection.endWriting();
        }
        // Whoever can never send the rest is not waited for.
        await Promise.all(connections.map((connection) => connection.closed()));
      });
      return NOTHING_WRONG;
    },
  },
  {
    // [nodejs/http-core#22]
    name: 'a whole request, then no more: it is answered all the same',
    run: async ({ port, isBusy }) => {
      const found: string[] = [];
      for (const answers of [1, 3]) {
        const connection = await RawConnection.open(port);
        await connection.write(Buffer.concat(Array<Buffer>(answers).fill(WHOLE)));
        connection.endWriting();
        await connection.closed();
        const statuses = readAnswers(connection.received, []).map(({ status }) => status);
        const isRight = (status: number) => status === 200 || (isBusy && NO_ROOM.includes(status));
        if (statuses.length !== answers || !statuses.every(isRight)) {
          found.push(`${answers} requests before the half-close got ${statuses.join() || 'no answer'}`);
        }
      }
      return found;
    },
  },
];
