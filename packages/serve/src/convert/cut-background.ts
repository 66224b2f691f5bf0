import { conversionError } from './conversion-error.js';
import type { Convolution } from './operators/convolution.js';
import type { ModelGraph } from './operators/operator-table.js';

/**
 * Cuts class 0, "background", out of the last layer, before the softmax: the other classes then share its
 * probability, and are numbered from 0 as ImageNet numbers them.
 *
 * @throws UserError (exit code 3) if the last layer does not give one value a class
 */
export function cutBackground(graph: ModelGraph): ModelGraph {
  const last = graph.nodes.findLastIndex(({ kind }) => kind === 'convolution');
  const classifier = graph.nodes[last];
  if (classifier?.kind !== 'convolution' || classifier.shape[0] !== graph.classCount) {
    throw conversionError(
      'the TFLite file has an unexpected layout: its last convolution does not give the classes',
    );
  }
  return {
    ...graph,
    classCount: graph.classCount - 1,
    nodes: graph.nodes.with(last, withoutFirstChannel(classifier)),
  };
}

function withoutFirstChannel(node: Convolution): Convolution {
  const [out, channelsIn, height, width] = node.shape;
  return {
    ...node,
    shape: [out - 1, channelsIn, height, width],
    weights: node.weights.subarray(channelsIn * height * width),
    scales: node.scales.subarray(1),
    bias: node.bias.subarray(1),
  };
}
