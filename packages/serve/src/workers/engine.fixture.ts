import { createPolicy } from '../schedule/policies/index.js';
import { POLICY_OPTIONS } from '../schedule/policies/policy-options.fixture.js';
import type { Block, BodyArena } from '../shared-memory/body-arena.js';
import type { EngineOptions } from './inference-engine.js';

/** What tests of the engine do not look at: limits that none of their images meets. */
export const ENGINE_OPTIONS = {
  policy: createPolicy('greedy', POLICY_OPTIONS),
  maxBatchSize: POLICY_OPTIONS.maxBatchSize,
  queueLimit: 16,
  maxWaitMs: POLICY_OPTIONS.maxWaitMs,
  workerTimeoutMs: 30_000,
  maxImagePixels: 1_000_000,
  maxImageSide: 16_384,
  decodeTimeoutMs: 10_000,
  exactDecode: false,
  decodeThreads: 0,
} as const satisfies Partial<EngineOptions>;

/** A file where the HTTP side would put it: in the arena, if there is one with room. */
export function placed(
  arena: BodyArena | null,
  bytes: Uint8Array,
): { readonly bytes: Uint8Array; readonly block: Block | null } {
  const block = arena?.take(bytes.length) ?? null;
  if (block === null) return { bytes, block };
  block.bytes.set(bytes);
  return { bytes: block.bytes.subarray(0, bytes.length), block };
}
