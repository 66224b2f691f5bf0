import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { readPace } from './read-pace.js';

/** Bytes of one read, and of a chunk of one byte with what it is wrapped in. */
const READ_BYTES = 64 * 1024;
const CHUNK = '1\r\nx\r\n';

it('takes no more than one read of tiny chunks in a turn, and all of them in the end', async () => {
  const chunks = 400_000;
  let most = 0;
  let all = 0;
  const server = createServer((request, response) => {
    let inTurn = 0;
    const pace = readPace(request);
    request.on('data', () => {
      if (inTurn === 0) {
        setImmediate(() => {
          inTurn = 0;
        });
      }
      inTurn++;
      all++;
      most = Math.max(most, inTurn);
      pace();
    });
    request.on('end', () => response.end('all'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  socket.write(`${CHUNK.repeat(chunks)}0\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  server.close();
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  expect(all).toBe(chunks);
  expect(most).toBeLessThanOrEqual(Math.ceil(READ_BYTES / CHUNK.length));
});
