/** What the lab must know about a framework besides its entry in the registry. */
export interface Quirks {
  /** When its processes are held to their cores: some cannot start while they are. Left out: from the start. */
  readonly pinned?: 'from the start' | 'once ready';
  /** Requests sent before anything is measured, eight at a time; 16 unless it learns from more. */
  readonly warmupRequests?: number;
  /** How long it may take to end in order, ms; 5000 unless it needs more. */
  readonly stopGraceMs?: number;
}

/** By the name of the framework; one that is not listed has none. */
export const QUIRKS: Readonly<Record<string, Quirks>> = {
  bentoml: {
    // Its dispatcher learns from its first 11 batches (8, then one each at sizes 1, 2 and 3), and eight requests at a
    // time can be one batch: `CorkDispatcher.controller`, bentoml/_internal/marshal/dispatcher.py.
    warmupRequests: 1 + 11 * 8,
    // Its supervisor waits for the worker, which waits for what is in flight.
    stopGraceMs: 10_000,
  },
  rayserve: {
    pinned: 'once ready',
    // It drains for ten seconds, and then ends half a dozen daemons.
    stopGraceMs: 25_000,
  },
  litserve: {
    // It ends its processes one after the other, and looks for dead ones every 2 s.
    stopGraceMs: 15_000,
  },
};
