import { conversionError, refuseDamage } from './conversion-error.js';
import { activation } from './operators/operator-call.js';
import { type GraphNode, type ModelGraph, READERS } from './operators/operator-table.js';
import { readTfliteModel, type TfliteOperator } from './tflite/tflite-model.js';

/** Step of [-1, 1] over the 255 steps of a pixel. */
const IMAGE_SCALE = 1 / 127.5;

/**
 * Reads an image classifier, quantised to int8 by TensorFlow.
 *
 * @throws UserError (exit code 3) for a file that is no TFLite model, is cut short, has an operator that is
 *   not known (all such are named), or a layout that is not expected
 */
export const readGraph = (file: Uint8Array): ModelGraph => refuseDamage(() => read(file));

function read(file: Uint8Array): ModelGraph {
  const { inputs, outputs, operators } = readTfliteModel(file);
  refuseUnknown(operators);
  const nodes = operators.map(readNode);

  const [image] = inputs;
  const [probabilities] = outputs;
  const first = operators[0];
  const last = operators.at(-1);
  if (image === undefined || probabilities === undefined || first === undefined || last === undefined) {
    throw conversionError('the TFLite file has an unexpected layout: no input, no output or no operator');
  }
  const [, height = 0, width = 0, channels] = image.shape;
  if (channels !== 3 || height !== width) {
    throw conversionError(`the TFLite file takes [${image.shape}]; a square RGB image is expected`);
  }
  const input = activation(first, image);
  if (Math.abs(input.scale / IMAGE_SCALE - 1) > 1e-3) {
    throw conversionError(`the TFLite file takes pixels in steps of ${input.scale}; [-1, 1] is expected`);
  }
  const output = activation(last, probabilities);
  return { input, inputSize: height, output, classCount: probabilities.shape.at(-1) ?? 0, nodes };
}

function refuseUnknown(operators: readonly TfliteOperator[]): void {
  const unknown = new Set(operators.map(({ name }) => name).filter((name) => !READERS.has(name)));
  if (unknown.size === 0) return;
  throw conversionError(
    `the TFLite file uses ${[...unknown].join(', ')}, which cannot be converted (known: ${[...READERS.keys()].join(', ')})`,
  );
}

function readNode(operator: TfliteOperator): GraphNode {
  const read = READERS.get(operator.name);
  if (read === undefined) throw new Error(`${operator.name} is not in the table`);
  return read(operator);
}
