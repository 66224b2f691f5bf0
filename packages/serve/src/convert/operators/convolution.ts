import type { Activation, Clamp } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import { TENSOR_TYPE, type TfliteOperator, type TfliteTensor } from '../tflite/tflite-model.js';
import { activation, clamp, input, output, unexpected } from './operator-call.js';

export interface Convolution {
  readonly kind: 'convolution';
  readonly input: Activation;
  readonly output: Activation;
  /** `[out, in / groups, height, width]` */
  readonly shape: readonly [number, number, number, number];
  readonly weights: Int8Array;
  /** One for each output channel; the zero point is 0. */
  readonly scales: Float32Array;
  /** In steps of the input's scale times the channel's. */
  readonly bias: Int32Array;
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
  readonly pads: readonly [top: number, left: number, bottom: number, right: number];
  readonly groups: number;
  readonly clamp: Clamp | null;
}

/** Fields of Conv2DOptions; those of DepthwiseConv2DOptions lie one further from the multiplier on. */
const PADDING = 0;
const STRIDE_W = 1;
const STRIDE_H = 2;
const DEPTH_MULTIPLIER = 3;
const SAME = 0;

export function readConvolution(operator: TfliteOperator): Convolution {
  const { shape } = input(operator, 1);
  return read(operator, { groups: 1, channelAxis: 0, optionsFrom: 3, channels: shape[0] ?? 0 });
}

export function readDepthwiseConvolution(operator: TfliteOperator): Convolution {
  const { shape } = input(operator, 1);
  const channels = shape[3] ?? 0;
  const multiplier = operator.options?.int32(DEPTH_MULTIPLIER) || 1;
  return read(operator, { groups: channels / multiplier, channelAxis: 3, optionsFrom: 4, channels });
}

export function emitConvolution(node: Convolution, emission: Emission): void {
  const { builder, format } = emission;
  const { name } = node.output;
  const weights = { name: `${name}_weights`, values: node.weights, dims: node.shape, scales: node.scales };
  const bias = {
    name: `${name}_bias`,
    values: node.bias,
    dims: [node.bias.length],
    scales: node.scales.map((scale) => scale * node.input.scale),
  };
  const inputs = [
    emission.value(node.input),
    format.constant(builder, weights),
    format.constant(builder, bias),
  ];
  const value = builder.node('Conv', name, inputs, {
    strides: node.strides,
    dilations: node.dilations,
    pads: node.pads,
    group: node.groups,
    kernel_shape: node.shape.slice(2),
  });
  emission.define(node.output, format.activation(builder, value, node.output, node.clamp));
}

interface Form {
  readonly groups: number;
  readonly channels: number;
  /** Dimension of the stored weights that counts the output channels. */
  readonly channelAxis: 0 | 3;
  /** Field of the activation function; the two dilations follow it. */
  readonly optionsFrom: 3 | 4;
}

function read(operator: TfliteOperator, form: Form): Convolution {
  const [image, weights, biases] = [input(operator, 0), input(operator, 1), input(operator, 2)];
  const { options } = operator;
  if (options === null) unexpected(operator, 'no options');
  if (weights.shape.length !== 4 || image.shape.length !== 4) unexpected(operator, 'other than 4 dimensions');
  const [, height = 0, width = 0] = weights.shape;
  const strides = [options.int32(STRIDE_H), options.int32(STRIDE_W)] as const;
  const dilations = [options.int32(form.optionsFrom + 2, 1), options.int32(form.optionsFrom + 1, 1)] as const;
  if (Math.min(...strides, ...dilations) < 1) {
    unexpected(operator, `strides [${strides}] and dilations [${dilations}]`);
  }
  const [, imageHeight = 0, imageWidth = 0, imageChannels] = image.shape;
  const same = options.int8(PADDING) === SAME;
  const [top, bottom] = same ? samePads(imageHeight, height, strides[0], dilations[0]) : [0, 0];
  const [left, right] = same ? samePads(imageWidth, width, strides[1], dilations[1]) : [0, 0];

  const inputActivation = activation(operator, image);
  const scales = channelScales(operator, weights, form);
  const filters = channelsFirst(operator, weights, form);
  if (filters.shape[1] * form.groups !== imageChannels) {
    unexpected(operator, `filters [${filters.shape}] on ${imageChannels} channels`);
  }
  return {
    kind: 'convolution',
    input: inputActivation,
    output: activation(operator, output(operator)),
    ...filters,
    scales,
    bias: readBias(operator, biases, inputActivation, scales),
    strides,
    dilations,
    pads: [top, left, bottom, right],
    groups: form.groups,
    clamp: clamp(operator, options.int8(form.optionsFrom)),
  };
}

/** TensorFlow's SAME: as little as makes the output ceil(length / stride) long, the odd one at the end. */
function samePads(length: number, kernel: number, stride: number, dilation: number): [number, number] {
  const reach = (kernel - 1) * dilation + 1;
  const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function channelScales(operator: TfliteOperator, weights: TfliteTensor, form: Form): Float32Array {
  const { scales, zeroPoints, axis, type } = weights;
  if (type !== TENSOR_TYPE.int8) unexpected(operator, `weights of type ${type}`);
  if (zeroPoints.some((zeroPoint) => zeroPoint !== 0)) unexpected(operator, 'weights off zero');
  if (scales.length === 1) return new Float32Array(form.channels).fill(scales[0] ?? 0);
  if (scales.length !== form.channels || axis !== form.channelAxis) {
    unexpected(operator, `${scales.length} scales along dimension ${axis} of its weights`);
  }
  return Float32Array.from(scales);
}

/** From `[out, h, w, in]`, or `[1, h, w, out]` where every channel has its own filter, to `[out, in, h, w]`. */
function channelsFirst(operator: TfliteOperator, { shape, data }: TfliteTensor, form: Form) {
  const [first = 0, height = 0, width = 0, last = 0] = shape;
  const [out, channelsIn] = form.channelAxis === 0 ? [first, last] : [last, first];
  const area = height * width;
  if (data.length !== out * channelsIn * area || data.length === 0) {
    unexpected(operator, `weights of ${data.length} bytes in shape [${shape}]`);
  }

  const stored = new Int8Array(data.buffer, data.byteOffset, data.length);
  const weights = new Int8Array(data.length);
  const place =
    form.channelAxis === 0
      ? (o: number, i: number, at: number) => (o * area + at) * channelsIn + i
      : (o: number, _i: number, at: number) => at * out + o;
  let next = 0;
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < channelsIn; i++) {
      for (let at = 0; at < area; at++) weights[next++] = stored[place(o, i, at)] ?? 0;
    }
  }
  return { weights, shape: [out, channelsIn, height, width] as const };
}

/** Both formats put the bias on the grid of input scale times channel scale, so the file has to as well. */
function readBias(
  operator: TfliteOperator,
  { type, data, scales: stated }: TfliteTensor,
  { scale: inputScale }: Activation,
  scales: Float32Array,
): Int32Array {
  if (type !== TENSOR_TYPE.int32 || data.length !== scales.length * 4) {
    unexpected(operator, `a bias of type ${type} and ${data.length} bytes for ${scales.length} channels`);
  }
  for (const [channel, scale] of stated.entries()) {
    const expected = inputScale * (scales[channel] ?? 0);
    if (Math.abs(scale - expected) > 1e-4 * expected) unexpected(operator, 'a bias of another scale');
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Int32Array.from(scales, (_, channel) => view.getInt32(channel * 4, true));
}
