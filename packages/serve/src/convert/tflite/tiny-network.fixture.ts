import { Builder } from 'flatbuffers';

/** Codes of the TFLite schema, written out here so that a test does not read them from the reader it tests. */
const ADD = 0;
const CONV_2D = 3;
const DEPTHWISE_CONV_2D = 4;
const RESHAPE = 22;
const SOFTMAX = 25;
export const TANH = 28;
export const CUSTOM = 32;
const MEAN = 40;
const QUANTIZE = 114;
export const UINT8 = 3;
const INT8 = 9;
const INT32 = 2;

export interface Tensor {
  name: string;
  shape: number[];
  type: number;
  scales?: number[];
  zeroPoint?: number;
  axis?: number;
  data?: Int8Array | Int32Array;
}
export interface Operation {
  code: number;
  inputs: string[];
  output: string;
  /** Fields of its options, by number and width. */
  bytes?: Record<number, number>;
  words?: Record<number, number>;
  floats?: Record<number, number>;
}
interface Network {
  tensors: Tensor[];
  operations: Operation[];
}

/**
 * image 4x4 -> 3x3 stride 2 SAME, ReLU6 -> depthwise 1x1 -> sum with its input -> mean -> three classes.
 */
export function tinyNetwork(): Network {
  const activation = (name: string, shape: number[], scale = 1 / 4) => ({
    name,
    shape,
    type: INT8,
    scales: [scale],
    zeroPoint: 0,
  });
  const constant = (
    name: string,
    shape: number[],
    scales: number[],
    axis: number,
    values: number[],
  ): Tensor[] => [
    { name, shape, type: INT8, scales, axis, data: Int8Array.from(values) },
    {
      name: `${name}_bias`,
      shape: [scales.length],
      type: INT32,
      data: Int32Array.from(scales, (_, channel) => 10 * channel),
    },
  ];
  return {
    tensors: [
      { name: 'pixels', shape: [1, 4, 4, 3], type: UINT8, scales: [1 / 127.5], zeroPoint: 127 },
      { name: 'image', shape: [1, 4, 4, 3], type: INT8, scales: [1 / 127.5], zeroPoint: -1 },
      ...constant(
        'stem',
        [2, 3, 3, 3],
        [0.5, 0.25],
        0,
        Array.from({ length: 54 }, (_, index) => index),
      ),
      { ...activation('wide', [1, 2, 2, 2], 6 / 255), zeroPoint: -128 },
      ...constant('each', [1, 1, 1, 2], [0.5, 0.25], 3, [3, 4]),
      activation('own', [1, 2, 2, 2]),
      activation('sum', [1, 2, 2, 2]),
      { name: 'axes', shape: [2], type: INT32, data: Int32Array.of(1, 2) },
      activation('average', [1, 1, 1, 2]),
      ...constant('classes', [3, 1, 1, 2], [0.1, 0.02, 0.03], 0, [9, 9, 1, 2, 3, 4]),
      activation('logits', [1, 1, 1, 3]),
      activation('row', [1, 3]),
      { ...activation('probabilities', [1, 3], 1 / 256), zeroPoint: -128 },
    ],
    operations: [
      { code: QUANTIZE, inputs: ['pixels'], output: 'image' },
      {
        code: CONV_2D,
        inputs: ['image', 'stem', 'stem_bias'],
        output: 'wide',
        words: { 1: 2, 2: 2 },
        bytes: { 3: 3 },
      },
      {
        code: DEPTHWISE_CONV_2D,
        inputs: ['wide', 'each', 'each_bias'],
        output: 'own',
        words: { 1: 1, 2: 1, 3: 1 },
      },
      { code: ADD, inputs: ['wide', 'own'], output: 'sum', bytes: {} },
      { code: MEAN, inputs: ['sum', 'axes'], output: 'average', bytes: { 0: 1 } },
      {
        code: CONV_2D,
        inputs: ['average', 'classes', 'classes_bias'],
        output: 'logits',
        words: { 1: 1, 2: 1 },
      },
      { code: RESHAPE, inputs: ['logits'], output: 'row' },
      { code: SOFTMAX, inputs: ['row'], output: 'probabilities', floats: { 0: 1 } },
    ],
  };
}

/** Writes the network as TensorFlow would: fields by their numbers in the TFLite schema. */
export function tflite({ tensors, operations }: Network): Uint8Array {
  const builder = new Builder();
  const index = (name: string) => tensors.findIndex((tensor) => tensor.name === name);
  const offsets = (list: number[]) => {
    builder.startVector(4, list.length, 4);
    for (const offset of list.toReversed()) builder.addOffset(offset);
    return builder.endVector();
  };
  const int32s = (list: number[]) => {
    builder.startVector(4, list.length, 4);
    for (const value of list.toReversed()) builder.addInt32(value);
    return builder.endVector();
  };
  const table = (fields: number, fill: () => void) => {
    builder.startObject(fields);
    fill();
    return builder.endObject();
  };

  const buffers = tensors.map(({ data }) => {
    const bytes =
      data && builder.createByteVector(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return table(1, () => bytes && builder.addFieldOffset(0, bytes, 0));
  });
  const tensorTables = tensors.map(({ name, shape, type, scales, zeroPoint = 0, axis = 0 }, buffer) => {
    const nameAt = builder.createString(name);
    const shapeAt = int32s(shape);
    const quantization = scales && quantizationTable(builder, scales, zeroPoint, axis);
    return table(6, () => {
      builder.addFieldOffset(0, shapeAt, 0);
      builder.addFieldInt8(1, type, 0);
      builder.addFieldInt32(2, buffer, 0);
      builder.addFieldOffset(3, nameAt, 0);
      if (quantization) builder.addFieldOffset(4, quantization, 0);
    });
  });
  const codes = [...new Set(operations.map(({ code }) => code))];
  const codeTables = codes.map((code) => {
    const custom = builder.createString('MyOwn');
    return table(2, () => {
      builder.addFieldInt8(0, code, 0);
      builder.addFieldOffset(1, custom, 0);
    });
  });
  const operatorTables = operations.map(({ code, inputs, output, bytes = {}, words = {}, floats = {} }) => {
    const inputsAt = int32s(inputs.map(index));
    const outputsAt = int32s([index(output)]);
    const options = table(8, () => {
      for (const [field, value] of Object.entries(words)) builder.addFieldInt32(Number(field), value, 0);
      for (const [field, value] of Object.entries(floats)) builder.addFieldFloat32(Number(field), value, 0);
      for (const [field, value] of Object.entries(bytes)) builder.addFieldInt8(Number(field), value, 0);
    });
    return table(5, () => {
      builder.addFieldInt32(0, codes.indexOf(code), 0);
      builder.addFieldOffset(1, inputsAt, 0);
      builder.addFieldOffset(2, outputsAt, 0);
      builder.addFieldOffset(4, options, 0);
    });
  });
  const [tensorsAt, inputsAt, outputsAt] = [offsets(tensorTables), int32s([0]), int32s([tensors.length - 1])];
  const operatorsAt = offsets(operatorTables);
  const graph = table(4, () => {
    for (const [field, at] of [tensorsAt, inputsAt, outputsAt, operatorsAt].entries()) {
      builder.addFieldOffset(field, at, 0);
    }
  });
  const [codesAt, graphsAt, buffersAt] = [offsets(codeTables), offsets([graph]), offsets(buffers)];
  const model = table(5, () => {
    builder.addFieldOffset(1, codesAt, 0);
    builder.addFieldOffset(2, graphsAt, 0);
    builder.addFieldOffset(4, buffersAt, 0);
  });
  builder.finish(model, 'TFL3');
  return builder.asUint8Array();
}

function quantizationTable(builder: Builder, scales: number[], zeroPoint: number, axis: number): number {
  builder.startVector(4, scales.length, 4);
  for (const scale of scales.toReversed()) builder.addFloat32(scale);
  const scalesAt = builder.endVector();
  builder.startVector(8, scales.length, 8);
  for (const _ of scales) builder.addInt64(BigInt(zeroPoint));
  const zeroPointsAt = builder.endVector();
  builder.startObject(7);
  builder.addFieldOffset(2, scalesAt, 0);
  builder.addFieldOffset(3, zeroPointsAt, 0);
  builder.addFieldInt32(6, axis, 0);
  return builder.endObject();
}
