import type { FuzzTarget, OpenTarget } from './fuzz-target.js';
import { HostedCheck } from './hosted-check.js';

const HEAP_MIB = 512;

/** Code of ours that reads bytes, in a process of its own: each case is checked by itself. */
export const hostedTarget = (
  name: string,
  /** A file beside this one that exports `check(bytes)`. */
  module: string,
  make: OpenTarget['make'],
): FuzzTarget => ({
  name,
  open: async () => {
    const host = new HostedCheck(module, HEAP_MIB);
    return {
      atOnce: 1,
      make,
      check: ({ bytes }) => host.check(bytes),
      close: () => host.close(),
    };
  },
});
