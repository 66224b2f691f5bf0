import type { ImportedLoad } from '../imported-load.js';

/** One cause for which two tools may give different figures of the same server. */
export interface Finding {
  readonly cause: string;
  /** Null where the files do not say. */
  readonly applies: boolean | null;
  /** What in the files says so, a sentence each. */
  readonly evidence: readonly string[];
}

/** Looks for one cause in the loads that lie beside each other; null where it cannot arise between them. */
export type Cause = (loads: readonly ImportedLoad[]) => Finding | null;

/** `fastapi/tuned by locust`. */
export const loadName = ({ name, tool }: ImportedLoad): string => `${name} by ${tool}`;
