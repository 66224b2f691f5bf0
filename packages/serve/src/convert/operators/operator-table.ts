import type { Graph } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import type { TfliteOperator } from '../tflite/tflite-model.js';
import { type Addition, emitAddition, readAddition } from './addition.js';
import {
  type Convolution,
  emitConvolution,
  readConvolution,
  readDepthwiseConvolution,
} from './convolution.js';
import { emitFlattening, type Flattening, readFlattening } from './flattening.js';
import { emitGlobalAverage, type GlobalAverage, readGlobalAverage } from './global-average.js';
import { emitRequantization, type Requantization, readRequantization } from './requantization.js';
import { emitSoftmax, readSoftmax, type Softmax } from './softmax.js';

/** A new operator is a file beside this one and its lines here. */
export type GraphNode = Convolution | Addition | GlobalAverage | Flattening | Softmax | Requantization;
export type ModelGraph = Graph<GraphNode>;

/** By the operator's name in TFLite. */
export const READERS: ReadonlyMap<string, (operator: TfliteOperator) => GraphNode> = new Map<
  string,
  (operator: TfliteOperator) => GraphNode
>([
  ['CONV_2D', readConvolution],
  ['DEPTHWISE_CONV_2D', readDepthwiseConvolution],
  ['ADD', readAddition],
  ['MEAN', readGlobalAverage],
  ['RESHAPE', readFlattening],
  ['SOFTMAX', readSoftmax],
  ['QUANTIZE', readRequantization],
]);

const EMITTERS: { [K in GraphNode['kind']]: (node: Extract<GraphNode, { kind: K }>, to: Emission) => void } =
  {
    convolution: emitConvolution,
    addition: emitAddition,
    'global-average': emitGlobalAverage,
    flattening: emitFlattening,
    softmax: emitSoftmax,
    requantization: emitRequantization,
  };

export function emitNode(node: GraphNode, emission: Emission): void {
  // The table pairs each kind with its own emitter; TypeScript cannot follow that through the lookup.
  (EMITTERS[node.kind] as (node: GraphNode, emission: Emission) => void)(node, emission);
}
