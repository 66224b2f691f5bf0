import type { NowUs } from '@servelab/core';
import type { Logger } from 'pino';
import type { ServeOptions } from '../config/serve-options.js';
import type { BodyArena } from '../shared-memory/body-arena.js';
import type { BatchJournalRing } from '../telemetry/batch-journal-ring.js';
import type { ServerMetrics } from '../telemetry/server-metrics.js';
import type { ServerState } from './server-state.js';

/** What the routes share; made once by the composition root. */
export interface HttpContext {
  readonly options: ServeOptions;
  readonly state: ServerState;
  readonly metrics: ServerMetrics;
  readonly journal: BatchJournalRing;
  /** For bodies; null where no memory can be shared with the workers. */
  readonly arena: BodyArena | null;
  readonly logger: Logger;
  readonly nowUs: NowUs;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Moment at which the headers were complete. */
    startedUs: number;
  }
}
