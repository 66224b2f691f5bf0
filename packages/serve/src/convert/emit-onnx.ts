import { Emission } from './onnx/emission.js';
import { OnnxBuilder } from './onnx/onnx-builder.js';
import type { TensorFormat } from './onnx/tensor-format.js';
import { emitNode, type ModelGraph } from './operators/operator-table.js';

const PIXELS = 'pixels';
const PROBABILITIES = 'probabilities';

/**
 * Writes the graph as an ONNX file: `pixels` uint8 `[N, size, size, 3]` RGB to `probabilities` float
 * `[N, classes]`.
 */
export function emitOnnx(graph: ModelGraph, format: TensorFormat): Uint8Array {
  const { inputSize, classCount } = graph;
  const builder = new OnnxBuilder();
  const emission = new Emission(builder, format);

  // Turned while still one byte a value, and next to the format's own first node, so that it can be merged.
  const planes = builder.node('Transpose', 'planes', [PIXELS], { perm: [0, 3, 1, 2] });
  emission.define(graph.input, format.image(builder, planes, graph.input));
  for (const node of graph.nodes) emitNode(node, emission);
  const probabilities = builder.node('Identity', PROBABILITIES, [emission.value(graph.output)]);

  return builder.finish(
    { name: PIXELS, type: 'uint8', dims: ['N', inputSize, inputSize, 3] },
    { name: probabilities, type: 'float', dims: ['N', classCount] },
  );
}
