import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What is kept of answers; the rest is read and forgotten. */
const KEPT_BYTES = 1024 * 1024;

/** A connection whose bytes are written by hand. The other side may end it at any moment, which is no error. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  readonly #received: Buffer[] = [];
  #receivedBytes = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // After `end` the other direction stays open: what a half-closed connection is tested with.
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
  }

  /** @param reads false for a client that never reads what it is sent */
  static async open(port: number, { reads = true } = {}): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connection = new RawConnection(socket);
    await Promise.race([once(socket, 'connect').catch(() => {}), connection.#closed]);
    if (reads) connection.#read();
    return connection;
  }

  static async openMany(
    port: number,
    count: number,
    options?: { reads?: boolean },
  ): Promise<RawConnection[]> {
    return await Promise.all(Array.from({ length: count }, () => RawConnection.open(port, options)));
  }

  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Resolves once the bytes are on their way, or can never be. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (!this.#socket.writable) return;
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#socket.write(bytes, () => resolve());
      }),
      this.#closed,
    ]);
  }

  /** Hands the bytes to the kernel or keeps them, and waits for nothing. */
  send(bytes: Uint8Array | string): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /** No more bytes from here; answers are still read. */
  endWriting(): void {
    this.#socket.end();
  }

  /** Ends it in the middle, with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Until the other side has closed it too. */
  async closed(): Promise<void> {
    await this.#closed;
  }

  /** Resolves when more has been received, or nothing more can be. */
  async more(): Promise<void> {
    await Promise.race([once(this.#socket, 'data').catch(() => {}), this.#closed]);
  }

  #read(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#receivedBytes < KEPT_BYTES) this.#received.push(chunk);
      this.#receivedBytes += chunk.length;
    });
    // The other side sends no more; what is on its way from here may be of no use then.
    this.#socket.on('end', () => this.#socket.end());
  }
}
