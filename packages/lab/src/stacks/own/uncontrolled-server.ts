import type { BatchRecord } from '@servelab/core';
import type { ProcessUsage } from '../../machine/process-usage.js';
import type { RunningStack } from '../stack.js';

/** A server of the user's own that runs already: nothing is known of its process, and it is left as it is. */
export class UncontrolledServer implements RunningStack {
  readonly url: string;
  readonly predictUrl: string;
  readonly version = 'unknown';

  constructor(predictUrl: string) {
    this.url = new URL(predictUrl).origin;
    this.predictUrl = predictUrl;
  }

  /** Its death shows in the records, and when it is asked for again. */
  alive(): boolean {
    return true;
  }

  logTail(): string {
    return '';
  }

  async usage(): Promise<ProcessUsage | null> {
    return null;
  }

  async batches(): Promise<BatchRecord[]> {
    return [];
  }

  async stop(): Promise<string[]> {
    return [];
  }
}
