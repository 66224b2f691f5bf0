import type { AnswerHead } from './answer-head.js';

/** A complete answer. */
export interface Answer {
  readonly head: AnswerHead;
  /** Of the body. */
  readonly bytes: number;
  /**
   * Where it was asked for, the body of a 2xx answer; of another status its beginning. Good until the listener returns.
   */
  readonly body: Buffer;
  /** The body was asked for, and is longer than is kept. */
  readonly tooLong: boolean;
}

/** Told what happens to each request. Exactly one of `answered` and `failed` comes last, unless it is cancelled. */
export interface AnswerListener {
  /** The connection that it is about to get was being opened since then; comes before `acquired`, if at all. */
  connecting(id: number, sinceUs: number): void;
  /** A connection was there for it. */
  acquired(id: number, atUs: number): void;
  /** The request is being handed to the kernel. */
  sent(id: number, atUs: number): void;
  /** The server ended the connection as the request was written: it is sent again, on a new one; once at most. */
  repeated(id: number): void;
  firstByte(id: number, atUs: number): void;
  answered(id: number, atUs: number, answer: Answer): void;
  failed(id: number, atUs: number, reason: string): void;
}

/**
 * Puts complete requests on connections. Never calls the listener from inside `send`, so that a loop may
 * send from inside `answered`.
 */
export interface Sender {
  /** Connections made so far. */
  readonly opened: number;
  /**
   * Opens this many connections before the load starts.
   *
   * @throws the connection's error when not one can be opened
   */
  prepare(connections: number): Promise<void>;
  /** @param request head and body, ready to be written */
  send(id: number, request: Buffer, keepBody: boolean): void;
  /** Forgets the request and closes its connection; the listener hears no more of it. */
  cancel(id: number): void;
  close(): void;
}
