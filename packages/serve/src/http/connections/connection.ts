import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lookForClient } from './client-presence.js';

/**
 * How long input is still read and thrown away after the last answer is out, in all and while nothing comes: to reset
 * the connection could destroy what the client has not read yet (RFC 9112, 9.6).
 */
interface Linger {
  readonly silenceMs: number;
  readonly inAllMs: number;
}

const LINGER: Linger = { silenceMs: 5000, inAllMs: 30_000 };
const BRIEF_LINGER: Linger = { silenceMs: 1000, inAllMs: 1000 };

interface LastWords {
  readonly text: string;
  /** Answers that never come out: the one that the last words stand for. */
  readonly instead: number;
}

/**
 * One connection and the answers that it waits for. A client may send requests ahead (pipelining); Node lets
 * their answers out in the order of the requests.
 *
 * ```
 * request 1, 2, 3 -> [answer 1, answer 2, answer 3] -> client
 *                     first               newest
 * ```
 */
export class Connection {
  /** Requests that came while another waited, and are not answered; `OpenConnections` counts them. */
  ahead = 0;
  readonly #socket: Socket;
  readonly #answers: ServerResponse[] = [];
  /** Of the newest request while its body is not here; its answer may be out already. */
  #incomplete: ServerResponse | undefined;
  #lastWords: LastWords | undefined;
  #linger = LINGER;
  #silence: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Node's way to end a connection after an answer that says `connection: close`; its own resets it.
    socket.destroySoon = () => this.close();
    socket.once('end', () => {
      if (this.isBusy) lookForClient(socket, () => this.#answers[0]);
    });
    socket.once('close', () => {
      clearTimeout(this.#silence);
      clearTimeout(this.#patience);
      // Node tells the first answer only that its client is gone, and the others wait for as much as it does.
      for (const answer of this.#answers) if (answer.socket === null) answer.emit('close');
    });
  }

  get isBusy(): boolean {
    return this.#answers.length > 0 || this.#lastWords !== undefined;
  }

  /** Requests whose answers are not out. */
  get waiting(): number {
    return this.#answers.length;
  }

  /** Nothing more is served on it: what still comes in is not answered. */
  get isEnding(): boolean {
    return this.#lastWords !== undefined;
  }

  begin(answer: ServerResponse): void {
    this.#answers.push(answer);
    this.#incomplete = answer;
  }

  /** The answer is out. */
  end(answer: ServerResponse): void {
    const at = this.#answers.indexOf(answer);
    if (at >= 0) this.#answers.splice(at, 1);
    if (this.#incomplete === answer && answer.req.complete) this.#incomplete = undefined;
    this.#sayLastWords();
  }

  isNewest(answer: ServerResponse): boolean {
    return this.#answers.at(-1) === answer;
  }

  /** What cannot be understood is the rest of a request that has begun, not the beginning of one. */
  get isInBody(): boolean {
    return this.#incomplete !== undefined && !this.#incomplete.req.complete;
  }

  /**
   * Ends the connection with an answer that no route wrote, once those before it are out. Where it stands for a
   * request whose own answer is out already, the connection ends without it.
   */
  endWith(text: string): void {
    if (this.#lastWords !== undefined) return;
    const instead = this.isInBody ? this.#incomplete : undefined;
    if (instead === undefined) this.#lastWords = { text, instead: 0 };
    else if (instead.headersSent) this.#lastWords = { text: '', instead: 0 };
    else this.#lastWords = { text, instead: 1 };
    this.#sayLastWords();
  }

  /** Ends it once what has been written is out. */
  close(): void {
    this.#lastWords = { text: '', instead: 0 };
    this.#finish('');
  }

  #sayLastWords(): void {
    if (this.#lastWords === undefined || this.#answers.length > this.#lastWords.instead) return;
    this.#finish(this.#lastWords.text);
  }

  /** Others need its place, or the server ends: its client has little time to read its last answer. */
  lingerBriefly(): void {
    this.#linger = BRIEF_LINGER;
    if (this.#socket.writableFinished) this.#waitForClient();
  }

  /** Nothing is written after the text, and what comes is thrown away. */
  #finish(text: string): void {
    const socket = this.#socket;
    if (socket.writableEnded) return;
    // What comes is not taken for requests: they would be kept until the connection ends.
    const discard = () => {
      socket.removeAllListeners('data');
      socket.on('data', () => this.#silence?.refresh());
    };
    // Node stops reading while a body is not taken. What starts it again listens to `resume`, and goes with a listener to
    // `data`.
    if (socket.isPaused()) socket.once('resume', discard);
    else discard();
    socket.resume();
    socket.end(text, () => this.#waitForClient());
  }

  /** It closes the connection when it has read everything. */
  #waitForClient(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#patience);
    const socket = this.#socket;
    if (socket.destroyed) return;
    const destroy = () => socket.destroy();
    this.#silence = setTimeout(destroy, this.#linger.silenceMs);
    this.#patience = setTimeout(destroy, this.#linger.inAllMs);
  }
}
