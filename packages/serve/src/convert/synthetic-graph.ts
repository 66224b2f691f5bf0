import { type Random, seededRandom } from '@servelab/core';
import type { Activation } from './graph.js';
import type { Convolution } from './operators/convolution.js';
import type { GraphNode, ModelGraph } from './operators/operator-table.js';

/** MobileNetV2 1.0: expansion, channels, repeats and first stride of each group of blocks (Sandler 2018, table 2). */
const GROUPS: readonly (readonly [expansion: number, channels: number, repeats: number, stride: number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];
const STEM_CHANNELS = 32;
const HEAD_CHANNELS = 1280;

const RELU6 = { min: 0, max: 6 };
/** ReLU6 spread over all of int8. */
const BOUNDED = { scale: 6 / 255, zeroPoint: -128 };
/** Outputs without ReLU6: [-8, 8), which holds the sums of a group of blocks. */
const LINEAR = { scale: 1 / 16, zeroPoint: 0 };

/**
 * The same operators and shapes as the real MobileNetV2, with seeded weights: it takes as long, and answers
 * nonsense. Scales follow He's rule, so that values neither die out nor grow much from layer to layer.
 */
export function syntheticGraph(inputSize: number, classCount: number, seed: number): ModelGraph {
  const nodes: GraphNode[] = [];
  const random = seededRandom(seed, 'synthetic weights');
  const input: Activation = { name: 'input', scale: 1 / 127.5, zeroPoint: -1 };
  let size = inputSize;
  let channels = 3;
  let value = input;

  const convolve = (name: string, layer: Layer): Activation => {
    const node = convolution(name, value, channels, size, layer, random);
    nodes.push(node);
    size = Math.ceil(size / layer.stride);
    channels = layer.channels;
    value = node.output;
    return value;
  };

  convolve('stem', spatial(STEM_CHANNELS, 2, false));
  for (const [expansion, blockChannels, repeats, firstStride] of GROUPS) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const name = `block_${nodes.length}`;
      const stride = repeat === 0 ? firstStride : 1;
      const shortcut = stride === 1 && channels === blockChannels ? value : null;
      const wide = channels * expansion;
      if (expansion > 1) convolve(`${name}_expand`, pointwise(wide, true, GAIN.expand));
      convolve(`${name}_depthwise`, spatial(wide, stride, true));
      const projected = convolve(`${name}_project`, pointwise(blockChannels, false, GAIN.plain));
      if (shortcut !== null) {
        value = { name: `${name}_sum`, ...LINEAR };
        nodes.push({ kind: 'addition', inputs: [shortcut, projected], output: value, clamp: null });
      }
    }
  }
  const head = convolve('head', pointwise(HEAD_CHANNELS, true, GAIN.expand));
  value = { name: 'average', ...BOUNDED };
  nodes.push({ kind: 'global-average', input: head, output: value });
  size = 1;
  const logits = convolve('logits', pointwise(classCount, false, GAIN.logits));
  const row = { ...logits, name: 'row' };
  nodes.push({ kind: 'flattening', input: logits, output: row });
  const output = { name: 'softmax', scale: 1 / 256, zeroPoint: -128 };
  nodes.push({ kind: 'softmax', input: row, output });
  return { input, inputSize, output, classCount, nodes };
}

/** Found by trial: with these, different images are given different classes. */
const GAIN = { plain: 1, expand: 1.2, depthwise: 1.5, logits: 4 };

interface Layer {
  readonly kernel: 1 | 3;
  readonly channels: number;
  readonly stride: number;
  readonly depthwise: boolean;
  /** By ReLU6. */
  readonly bounded: boolean;
  readonly gain: number;
}

const pointwise = (channels: number, bounded: boolean, gain: number): Layer => ({
  kernel: 1,
  channels,
  stride: 1,
  depthwise: false,
  bounded,
  gain,
});
const spatial = (channels: number, stride: number, depthwise: boolean): Layer => ({
  kernel: 3,
  channels,
  stride,
  depthwise,
  bounded: true,
  gain: depthwise ? GAIN.depthwise : GAIN.plain,
});

function convolution(
  name: string,
  input: Activation,
  channelsIn: number,
  size: number,
  { kernel, channels, stride, depthwise, bounded, gain }: Layer,
  random: Random,
): Convolution {
  const groups = depthwise ? channels : 1;
  const shape = [channels, channelsIn / groups, kernel, kernel] as const;
  const fanIn = shape[1] * kernel * kernel;
  // Uniform in +-limit has a variance of limit^2 / 3; He's rule wants 2 / fanIn.
  const limit = Math.sqrt(6 / fanIn) * gain;
  const weights = centredWeights(channels, fanIn, depthwise ? 0.7 : 1, random);
  const total = kernel === 1 ? 0 : (Math.ceil(size / stride) - 1) * stride + kernel - size;
  const before = Math.floor(total / 2);
  return {
    kind: 'convolution',
    input,
    output: { name, ...(bounded ? BOUNDED : LINEAR) },
    shape,
    weights,
    scales: new Float32Array(channels).fill(limit / 127),
    bias: new Int32Array(channels),
    strides: [stride, stride],
    dilations: [1, 1],
    pads: [before, before, total - before, total - before],
    groups,
    clamp: bounded ? RELU6 : null,
  };
}

/**
 * Uniform in -127..127, then shifted so that a filter sums to less (`centring` 1: to about 0). What all
 * channels have in common, their mean after ReLU6, cancels, and what tells images apart is left.
 */
function centredWeights(filters: number, length: number, centring: number, random: Random): Int8Array {
  const weights = new Int8Array(filters * length);
  for (let filter = 0; filter < filters; filter++) {
    const draws = Float32Array.from({ length }, () => (random() * 2 - 1) * 127);
    const shift = (centring * draws.reduce((sum, draw) => sum + draw, 0)) / length;
    for (const [index, draw] of draws.entries()) {
      weights[filter * length + index] = Math.max(-127, Math.min(127, Math.round(draw - shift)));
    }
  }
  return weights;
}
