import { EXIT, UserError } from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';
import type { DriverPhase, DriverProgress, LoadPlan, LoadResult } from './load-plan.js';

/** What the coordinating process tells the driver process. */
export type DriverCommand = { type: 'start'; plan: LoadPlan } | { type: 'abort' };

/** What the driver process tells back; `result` or `failure` is the last message. */
export type DriverMessage =
  | { type: 'phase'; phase: DriverPhase; atUs: number }
  | { type: 'progress'; progress: DriverProgress }
  /** Those that could not be written, in order, before the result. */
  | { type: 'records'; records: RequestRecord[] }
  | { type: 'result'; result: LoadResult }
  | { type: 'failure'; error: DriverError };

/** An error on its way across the process border; with a fix it was a UserError. */
export interface DriverError {
  message: string;
  fix?: string;
  exitCode?: UserError['exitCode'];
}

export function packError(error: unknown): DriverError {
  if (error instanceof UserError) return { message: error.message, fix: error.fix, exitCode: error.exitCode };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function unpackError({ message, fix, exitCode }: DriverError): Error {
  if (fix === undefined) return new Error(`the load driver failed: ${message}`);
  return new UserError(message, fix, exitCode ?? EXIT.environment);
}
