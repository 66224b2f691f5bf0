import { mutatedImage } from '../inputs/mutate-image.js';
import { hostedTarget } from './hosted-target.js';

/** Mutated files through our decoders in a process of their own, libturbojpeg behind FFI among them. */
export const decoderTarget = hostedTarget('decoder', './decoder-check.ts', async (random) => ({
  bytes: await mutatedImage(random),
  how: 'given to the decoder',
}));
