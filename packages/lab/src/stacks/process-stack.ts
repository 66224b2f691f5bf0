import type { BatchRecord } from '@servelab/core';
import { type ProcessUsage, treeUsage } from '../machine/process-usage.js';
import type { ProcessGroup } from '../process/process-group.js';
import type { RunningStack } from './stack.js';

/** A stack that runs in a process group of the lab's. */
export class ProcessStack implements RunningStack {
  readonly url: string;
  readonly predictUrl: string;
  readonly version: string;
  protected readonly group: ProcessGroup;

  constructor(group: ProcessGroup, predictUrl: string, version: string) {
    this.url = new URL(predictUrl).origin;
    this.predictUrl = predictUrl;
    this.version = version;
    this.group = group;
  }

  alive(): boolean {
    return this.group.alive;
  }

  logTail(): string {
    return this.group.logTail;
  }

  async usage(): Promise<ProcessUsage | null> {
    return this.group.pid === undefined ? null : await treeUsage(this.group.pid);
  }

  async batches(): Promise<BatchRecord[]> {
    return [];
  }

  async stop(): Promise<string[]> {
    return await this.group.stop();
  }
}
