import { createServer, type Server, type Socket } from 'node:net';
import type { HostileAnswer } from '../inputs/hostile-answers.js';

const MIB = 1024 * 1024;
/** Of an answer without end, a connection gets so much at most: it is the client's memory that is looked at. */
const ENDLESS_BYTES = 512 * MIB;

/** Does to each request, in the order in which they come, what the next of the answers says. */
export async function startHostileServer(answers: readonly HostileAnswer[]): Promise<HostileServer> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    let seen = '';
    socket.on('data', (chunk: Buffer) => {
      // What it is asked is of no interest; the end of a head tells that it is asked something.
      seen = (seen + chunk.toString('latin1')).slice(-100_000);
      if (!seen.includes('\r\n\r\n')) return;
      seen = '';
      const answer = answers[requests++ % answers.length];
      if (answer !== undefined) void respond(socket, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new HostileServer(server, sockets);
}

export class HostileServer {
  constructor(
    private readonly server: Server,
    private readonly sockets: ReadonlySet<Socket>,
  ) {}

  get url(): string {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
    return `http://127.0.0.1:${address.port}/predict`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function respond(socket: Socket, { bytes, pieces, repeats, end }: HostileAnswer): Promise<void> {
  const whole = Buffer.from(bytes, 'base64');
  const size = Math.max(1, Math.ceil(whole.length / pieces));
  for (let at = 0; at < whole.length; at += size) await write(socket, whole.subarray(at, at + size));
  if (repeats) {
    const block = Buffer.alloc(MIB, whole.length === 0 ? 'x' : whole);
    for (let sent = 0; sent < ENDLESS_BYTES && socket.writable; sent += MIB) await write(socket, block);
  }
  if (end === 'end') socket.end();
  if (end === 'reset') socket.resetAndDestroy();
}

/** Each piece for itself, and no more than the client takes. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (!socket.writable) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      socket.off('close', done);
      resolve();
    };
    socket.once('close', done);
    socket.write(bytes, done);
  });
}
