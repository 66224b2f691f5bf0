import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ServeOptions } from './config/serve-options.js';
import type { ServerState } from './http/server-state.js';
import type { BodyArena } from './shared-memory/body-arena.js';
import type { InferenceEngine } from './workers/inference-engine.js';

/** After the drain time-out the last refusals are still written; nobody may hold the exit up for longer. */
const LAST_WORDS_MS = 250;

/** The parts of a running server that its end concerns. */
export interface EndedParts {
  readonly app: FastifyInstance;
  readonly engine: InferenceEngine;
  readonly state: ServerState;
  readonly arena: BodyArena | null;
  readonly logger: Logger;
}

/** Ends a running server, once, whoever calls first and how often. */
export class Shutdown {
  readonly #parts: EndedParts;
  readonly #options: Pick<ServeOptions, 'drainDelayMs' | 'drainTimeoutMs'>;
  /** Aborted: the drain delay is over. */
  readonly #delayOver = new AbortController();
  #ended: Promise<void> | undefined;

  constructor(parts: EndedParts, options: Pick<ServeOptions, 'drainDelayMs' | 'drainTimeoutMs'>) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Not ready at once, but still serving for the drain delay; then as {@link close}. */
  drain(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  /** No new connections; resolves when what was in progress is answered, or refused after the drain time-out. */
  close(): Promise<void> {
    this.#delayOver.abort();
    return this.drain();
  }

  async #end(): Promise<void> {
    const { app, engine, state, arena, logger } = this.#parts;
    const { drainDelayMs, drainTimeoutMs } = this.#options;
    logger.info({ drain_delay_ms: drainDelayMs, drain_timeout_ms: drainTimeoutMs }, 'draining');
    state.drain();
    await delay(drainDelayMs, undefined, { signal: this.#delayOver.signal }).catch(() => {});
    // Resolves when the last connection has ended: each gets the answer it waits for, and is then closed.
    const closed = app.close();
    const inTime = await within(closed, drainTimeoutMs);
    if (!inTime) logger.warn('the drain time-out is over: what is still waiting is refused');
    await engine.close(0);
    if (!inTime) await within(closed, LAST_WORDS_MS);
    app.server.closeAllConnections();
    await closed;
    logger.info('drained');
    arena?.close();
  }
}

/** Whether the work was done in time; leaves no timer behind. */
async function within(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(timeoutMs, false, { signal: timer.signal }).catch(() => true);
  const inTime = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return inTime;
}
