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
 * nonsense. Scales follow He's rule, so that values neither die out nor grow from layer to layer.
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

  convolve('stem', { kernel: 3, channels: STEM_CHANNELS, stride: 2, depthwise: false, bounded: true });
  for (const [expansion, blockChannels, repeats, firstStride] of GROUPS) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const name = `block_${nodes.length}`;
      const stride = repeat === 0 ? firstStride : 1;
      const shortcut = stride === 1 && channels === blockChannels ? value : null;
      const wide = channels * expansion;
      if (expansion > 1) convolve(`${name}_expand`, pointwise(wide, true));
      convolve(`${name}_depthwise`, { kernel: 3, channels: wide, stride, depthwise: true, bounded: true });
      const projected = convolve(`${name}_project`, pointwise(blockChannels, false));
      if (shortcut !== null) {
        value = { name: `${name}_sum`, ...LINEAR };
        nodes.push({ kind: 'addition', inputs: [shortcut, projected], output: value, clamp: null });
      }
    }
  }
  const head = convolve('head', pointwise(HEAD_CHANNELS, true));
  value = { name: 'average', ...BOUNDED };
  nodes.push({ kind: 'global-average', input: head, output: value });
  size = 1;
  const logits = convolve('logits', pointwise(classCount, false));
  const row = { ...logits, name: 'row' };
  nodes.push({ kind: 'flattening', input: logits, output: row });
  const output = { name: 'softmax', scale: 1 / 256, zeroPoint: -128 };
  nodes.push({ kind: 'softmax', input: row, output });
  return { input, inputSize, output, classCount, nodes };
}

interface Layer {
  readonly kernel: 1 | 3;
  readonly channels: number;
  readonly stride: number;
  readonly depthwise: boolean;
  /** By ReLU6. */
  readonly bounded: boolean;
}

const pointwise = (channels: number, bounded: boolean): Layer => ({
  kernel: 1,
  channels,
  stride: 1,
  depthwise: false,
  bounded,
});

function convolution(
  name: string,
  input: Activation,
  channelsIn: number,
  size: number,
  { kernel, channels, stride, depthwise, bounded }: Layer,
  random: Random,
): Convolution {
  const groups = depthwise ? channels : 1;
  const shape = [channels, channelsIn / groups, kernel, kernel] as const;
  const fanIn = shape[1] * kernel * kernel;
  // Uniform in +-limit has a variance of limit^2 / 3; He's rule wants 2 / fanIn.
  const limit = Math.sqrt(6 / fanIn);
  const weights = Int8Array.from({ length: channels * fanIn }, () => Math.round((random() * 2 - 1) * 127));
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
