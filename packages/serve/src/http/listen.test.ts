import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { listen } from './listen.js';

it.skipIf(process.platform !== 'linux')(
  'localhost with several addresses: one server has them all, and waits for the clients of each',
  async () => {
    const app = Fastify({ clientErrorHandler: (_error, socket) => void socket.end('ours') });
    const waiting: (() => void)[] = [];
    app.get('/', (_request, reply) => void waiting.push(() => reply.send('done')));
    const addresses = ['127.0.0.1', '127.0.0.2', '192.0.2.1'];
    const url = await listen(app, 'localhost', 0, undefined, async () => addresses);
    const port = Number(new URL(url).port);
    expect(url).toBe(`http://localhost:${port}`);

    const ask = (host: string, bytes: string) => {
      const socket = connect(port, host);
      socket.write(bytes);
      return text(socket);
    };
    expect(await ask('127.0.0.1', 'garbage\r\n\r\n')).toContain('ours');
    expect(await ask('127.0.0.2', 'garbage\r\n\r\n')).toContain('ours');

    const answers = ['127.0.0.1', '127.0.0.2'].map((host) =>
      ask(host, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'),
    );
    await expect.poll(() => waiting.length).toBe(2);
    let isClosed = false;
    const closed = app.close().then(() => {
      isClosed = true;
    });
    waiting[0]?.();
    await answers[0];
    expect(isClosed).toBe(false);
    const refused = connect(port, '127.0.0.2');
    expect(await once(refused, 'error').then(([{ code }]) => code)).toBe('ECONNREFUSED');
    waiting[1]?.();
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/done$/);
    await closed;
  },
);
