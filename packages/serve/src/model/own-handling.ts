import type { GraphPorts } from '../runtime/model-runtime.js';
import type { OwnManifest } from './own-manifest.js';

/** Torchvision's and timm's habit: 224 of 256. */
const USUAL_CROP_RATIO = 0.875;

export const cropRatioOf = ({ resize, crop_ratio }: OwnManifest): number | undefined =>
  resize === 'stretch' ? undefined : (crop_ratio ?? USUAL_CROP_RATIO);

export function portsOf({ input, output, softmax }: OwnManifest): GraphPorts {
  return {
    inputName: input.name ?? null,
    outputName: output ?? null,
    layout: input.layout,
    dtype: input.dtype,
    scale: input.scale ?? 1 / 255,
    mean: input.mean ?? [0, 0, 0],
    std: input.std ?? [1, 1, 1],
    softmax,
  };
}
