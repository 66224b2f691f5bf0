import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from './connection.js';

let server: ReturnType<typeof createServer>;
let socket: Socket;
let client: Socket;

/** A client that has read the end of the connection and does not end it. */
beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  [socket] = (await once(server, 'connection')) as [Socket];
});

afterEach(() => {
  vi.useRealTimers();
  client.destroy();
  socket.destroy();
  server.close();
});

async function ended(connection = new Connection(socket)): Promise<Connection> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  connection.close();
  client.resume();
  await Promise.all([once(client, 'end'), socket.writableFinished || once(socket, 'finish')]);
  return connection;
}

const sendByte = async () => {
  client.write('x');
  await once(socket, 'data');
};

describe('after the last answer', () => {
  it('a client has five seconds of silence', async () => {
    await ended();
    vi.advanceTimersByTime(4000);
    await sendByte();
    vi.advanceTimersByTime(4999);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(socket.destroyed).toBe(true);
  });

  it('and half a minute in all', async () => {
    await ended();
    for (let s = 0; s < 29; s++) {
      vi.advanceTimersByTime(1000);
      await sendByte();
    }
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(socket.destroyed).toBe(true);
  });

  const expectOneSecond = () => {
    vi.advanceTimersByTime(999);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(socket.destroyed).toBe(true);
  };

  it('it has a second where it was asked before to be brief', async () => {
    const connection = new Connection(socket);
    connection.lingerBriefly();
    await ended(connection);
    expectOneSecond();
  });

  it('it has a second from where it is asked while it lingers', async () => {
    const connection = await ended();
    vi.advanceTimersByTime(3000);
    connection.lingerBriefly();
    expectOneSecond();
  });
});
