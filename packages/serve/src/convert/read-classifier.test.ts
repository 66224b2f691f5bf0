import { EXIT, seededRandom, UserError } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { readClassifier } from './convert-model.js';
import type { Convolution } from './operators/convolution.js';
import {
  CUSTOM,
  type Operation,
  TANH,
  type Tensor,
  tflite,
  tinyNetwork,
  UINT8,
} from './tflite/tiny-network.fixture.js';

/** The tiny network with one tensor or operation altered. */
function altered(change: { tensor?: Partial<Tensor> & { name: string }; operation?: Partial<Operation> }) {
  const { tensors, operations } = tinyNetwork();
  return tflite({
    tensors: tensors.map((tensor) =>
      tensor.name === change.tensor?.name ? { ...tensor, ...change.tensor } : tensor,
    ),
    operations: operations.map((operation) =>
      operation.output === change.operation?.output ? { ...operation, ...change.operation } : operation,
    ),
  });
}

const convolutions = (file: Uint8Array): Convolution[] =>
  readClassifier(file).nodes.filter((node) => node.kind === 'convolution');

describe('readClassifier', () => {
  const [stem, each, classes] = convolutions(tflite(tinyNetwork()));

  it('keeps the order of the operators', () => {
    const { nodes, classCount, inputSize } = readClassifier(tflite(tinyNetwork()));
    expect(nodes.map(({ kind }) => kind)).toEqual([
      'requantization',
      'convolution',
      'convolution',
      'addition',
      'global-average',
      'convolution',
      'flattening',
      'softmax',
    ]);
    expect({ classCount, inputSize }).toEqual({ classCount: 2, inputSize: 4 });
  });

  it('turns weights from [out, h, w, in] to [out, in, h, w]', () => {
    expect(stem?.shape).toEqual([2, 3, 3, 3]);
    // Output 0, red plane: every third of 0, 1, 2, ...; output 1, blue plane: the same from 27 + 2.
    expect([...(stem?.weights.slice(0, 9) ?? [])]).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24]);
    expect([...(stem?.weights.slice(45) ?? [])]).toEqual([29, 32, 35, 38, 41, 44, 47, 50, 53]);
  });

  it('turns weights from [1, h, w, out] to [out, 1, h, w] where every channel has its own filter', () => {
    expect(each).toMatchObject({ shape: [2, 1, 1, 1], groups: 2, weights: Int8Array.of(3, 4), clamp: null });
  });

  it('pads as TensorFlow does: the odd line at the bottom and right', () => {
    expect(stem).toMatchObject({ strides: [2, 2], pads: [0, 0, 1, 1], clamp: { min: 0, max: 6 } });
  });

  it('reads uint8 activations as the same numbers in int8', () => {
    expect(readClassifier(tflite(tinyNetwork())).input).toMatchObject({ zeroPoint: -1 });
  });

  it('cuts class 0 out of the last layer, with its scale and bias', () => {
    expect(classes).toMatchObject({ shape: [2, 2, 1, 1], weights: Int8Array.of(1, 2, 3, 4) });
    expect(classes?.bias).toEqual(Int32Array.of(10, 20));
    expect(classes?.scales).toEqual(Float32Array.of(0.02, 0.03));
  });

  it.each<[name: string, file: Uint8Array, message: RegExp]>([
    ['no TFLite file', Buffer.from('<html>not found</html>'), /not a TFLite model/],
    ['an empty file', new Uint8Array(), /not a TFLite model/],
    ['an operator that is not known', altered({ operation: { output: 'row', code: TANH } }), /uses TANH/],
    [
      'a custom operator',
      altered({ operation: { output: 'row', code: CUSTOM } }),
      /uses custom operator MyOwn/,
    ],
    [
      'weights of another type',
      altered({ tensor: { name: 'stem', type: UINT8 } }),
      /CONV_2D.*weights of type/,
    ],
    [
      'weights scaled along another axis',
      altered({ tensor: { name: 'stem', axis: 3 } }),
      /CONV_2D.*dimension 3/,
    ],
    ['a stride of 0', altered({ operation: { output: 'wide', words: { 1: 0, 2: 2 } } }), /CONV_2D.*strides/],
    [
      'filters for other channels',
      altered({ tensor: { name: 'image', shape: [1, 4, 4, 4] } }),
      /on 4 channels/,
    ],
    ['a zero point beyond int8', altered({ tensor: { name: 'own', zeroPoint: 200 } }), /zero point 200/],
    ['a bias that is too short', altered({ tensor: { name: 'each_bias', data: Int32Array.of(1) } }), /bias/],
    [
      'another activation function',
      altered({ operation: { output: 'wide', bytes: { 3: 4 } } }),
      /function 4/,
    ],
    ['a mean over channels', altered({ tensor: { name: 'axes', data: Int32Array.of(2, 3) } }), /MEAN.*axes/],
    [
      'an activation that is not quantised',
      altered({ tensor: { name: 'sum', scales: [] } }),
      /not quantised/,
    ],
    [
      'a softmax of other steepness',
      altered({ operation: { output: 'probabilities', floats: { 0: 2 } } }),
      /beta 2/,
    ],
    ['a grey image', altered({ tensor: { name: 'pixels', shape: [1, 4, 4, 1] } }), /square RGB/],
    ['pixels in [0, 1]', altered({ tensor: { name: 'pixels', scales: [1 / 255] } }), /scale|steps/],
  ])('refuses %s', (_name, file, message) => {
    expect(() => readClassifier(file)).toThrow(
      expect.objectContaining({ exitCode: EXIT.environment, message: expect.stringMatching(message) }),
    );
  });

  it('refuses the file cut anywhere', () => {
    const file = tflite(tinyNetwork());
    for (let length = 0; length < file.length - 4; length++) {
      expect(() => readClassifier(file.slice(0, length)), `${length} bytes`).toThrow(UserError);
    }
  });

  it('fails as a user error, if at all, when bytes are damaged', () => {
    const random = seededRandom(1, 'damage');
    for (let trial = 0; trial < 1000; trial++) {
      const file = tflite(tinyNetwork()).slice();
      for (let flips = 0; flips < 4; flips++) {
        file[8 + Math.floor(random() * (file.length - 8))] = Math.floor(random() * 256);
      }
      try {
        readClassifier(file);
      } catch (error) {
        expect(error, `trial ${trial}`).toBeInstanceOf(UserError);
      }
    }
  });
});
