import { cutBackground } from './cut-background.js';
import { emitOnnx } from './emit-onnx.js';
import { floatFormat } from './onnx/float-format.js';
import { quantizedFormat } from './onnx/quantized-format.js';
import type { TensorFormat } from './onnx/tensor-format.js';
import type { ModelGraph } from './operators/operator-table.js';
import type { Precision } from './precision.js';
import { readGraph } from './read-graph.js';

const FORMATS: Readonly<Record<Precision, TensorFormat>> = { f32: floatFormat, int8: quantizedFormat };

/**
 * Reads an int8 TFLite image classifier and leaves its class 0, "background", out.
 *
 * @throws UserError (exit code 3) for a file that cannot be converted, with the reason
 */
export const readClassifier = (file: Uint8Array): ModelGraph => cutBackground(readGraph(file));

/** The ONNX file of a graph; the same graph always gives the same bytes. */
export const writeOnnx = (graph: ModelGraph, precision: Precision): Uint8Array =>
  emitOnnx(graph, FORMATS[precision]);
