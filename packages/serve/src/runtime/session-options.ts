import type { InferenceSession } from 'onnxruntime-node';
import type { Device } from './devices.js';
import { int8KernelsSaturate } from './int8-kernels.js';

/**
 * Shared by everything that opens a session, benchmarks and tests included, so that what is measured is
 * what is served.
 *
 * `x64quantprecision`: shifts the weights of int8 to uint8, for which the kernels never saturate. Only where they
 * would otherwise: with VNNI the shifted graph takes two and a half times as long.
 */
export function sessionOptions(
  intraOpThreads: number,
  device: Device = 'cpu',
): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // DirectML allocates by itself, and refuses to have it done for it.
    ...(device === 'dml' ? { enableMemPattern: false } : {}),
    ...(int8KernelsSaturate() ? { extra: { session: { x64quantprecision: '1' } } } : {}),
  };
}
