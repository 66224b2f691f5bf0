import { mutatedImage } from '../inputs/mutate-image.js';
import type { FuzzTarget } from './fuzz-target.js';
import { HostedCheck } from './hosted-check.js';

/** Mutated files through our decoders in a process of their own, libturbojpeg behind FFI among them. */
export const decoderTarget: FuzzTarget = {
  name: 'decoder',
  open: async () => {
    const host = new HostedCheck('./decoder-check.ts', 512);
    return {
      atOnce: 1,
      make: async (random) => ({ bytes: await mutatedImage(random), how: 'given to the decoder' }),
      check: (input) => host.check(input.bytes),
      close: () => host.close(),
    };
  },
};
