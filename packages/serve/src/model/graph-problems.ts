import type { GraphPort } from '../runtime/inspect-graph.js';
import type { OwnManifest } from './own-manifest.js';

export interface Problem {
  readonly message: string;
  readonly fix: string;
}

type Input = OwnManifest['input'];

/** Where the graph's input is not the one of the manifest; null where it is. */
export function inputProblem(inputs: readonly GraphPort[], expected: Input): Problem | null {
  const found = chosen(inputs, expected.name);
  const names = inputs.map(({ name }) => `"${name}"`).join(', ');
  if (inputs.length > 1) {
    return {
      message: `the graph has ${inputs.length} inputs, ${names}; a classifier of images has one`,
      fix: 'Export it with constants in place of the others.',
    };
  }
  if (found === undefined) {
    return {
      message: `the graph has no input "${expected.name}"; its input is ${names}`,
      fix: `Write input.name: ${inputs[0]?.name}, or leave it out.`,
    };
  }
  const [batch] = found.shape;
  if (typeof batch === 'number' && batch !== 1) {
    return {
      message: `the graph's input "${found.name}" takes batches of exactly ${batch}: ${words(found)}`,
      fix: 'Export it with a free batch dimension, or one of 1.',
    };
  }
  if (found.type === expected.dtype && fits(found.shape, shapeOf(expected))) return null;
  return {
    message: `the graph's input "${found.name}" is ${words(found)}, the manifest says ${expected.dtype} ${shapeWords(shapeOf(expected))}`,
    fix: inputFix(found, expected),
  };
}

/** Where the graph's output cannot be the classes; null where it can. How many they are, a run tells. */
export function outputProblem(outputs: readonly GraphPort[], name: string | undefined): Problem | null {
  const found = chosen(outputs, name);
  const names = outputs.map((output) => `"${output.name}"`).join(', ');
  if (found === undefined) {
    return {
      message:
        name === undefined
          ? `the graph has ${outputs.length} outputs, ${names}`
          : `the graph has no output "${name}"; it has ${names}`,
      fix: 'Write "output" with the name of the one that has the classes.',
    };
  }
  if (found.type === 'float32') return null;
  return {
    message: `the graph's output "${found.name}" is ${found.type}, not float32`,
    fix: 'Export it with a float32 output; inside the graph numbers may be of any kind.',
  };
}

/** Where a run answered something else than the manifest says; null where it did not. */
export function answerProblem(
  answers: Float32Array,
  { count, classes, softmax }: { count: number; classes: number; softmax: boolean },
): Problem | null {
  if (answers.length !== count * classes) {
    return {
      message: `the graph answers ${answers.length / count} numbers an image, the labels name ${classes} classes`,
      fix: 'Give one label a class, in the order of the graph’s output; or name another output.',
    };
  }
  if (!answers.every((value) => Number.isFinite(value))) {
    return {
      message: 'the graph answers a test image with numbers that are infinite or none',
      fix: 'Compare input.scale, input.mean and input.std with those that it was trained with.',
    };
  }
  const low = answers.reduce((lowest, value) => Math.min(lowest, value));
  const high = answers.reduce((highest, value) => Math.max(highest, value));
  const inRange = low >= -TOLERANCE && high <= 1 + TOLERANCE;
  if (!softmax && !inRange) {
    return {
      message: `the graph's output is not a probability: a test image gives ${low.toFixed(2)} to ${high.toFixed(2)}`,
      fix: 'Write softmax: true, if these are logits.',
    };
  }
  const sum = answers.reduce((total, value) => total + value, 0) / count;
  if (softmax && inRange && Math.abs(sum - 1) < TOLERANCE) {
    return {
      message: `the graph's output already is probabilities: those of a test image sum to ${sum.toFixed(4)}`,
      fix: 'Leave softmax out of the manifest: it would be applied twice.',
    };
  }
  return null;
}

/** What a quantised softmax may be off. */
const TOLERANCE = 0.01;

const chosen = (ports: readonly GraphPort[], name: string | undefined): GraphPort | undefined =>
  name === undefined ? (ports.length === 1 ? ports[0] : undefined) : ports.find((port) => port.name === name);

const shapeOf = ({ layout, size }: Pick<Input, 'layout' | 'size'>): number[] =>
  layout === 'nhwc' ? [size, size, 3] : [3, size, size];

/** A graph may leave its shape open, or single lengths of it. */
function fits(shape: GraphPort['shape'], anImage: readonly number[]): boolean {
  if (shape.length === 0) return true;
  return (
    shape.length === anImage.length + 1 &&
    anImage.every((length, at) => shape[at + 1] === null || shape[at + 1] === length)
  );
}

function inputFix({ type, shape }: GraphPort, expected: Input): string {
  const changes: string[] = [];
  if (type !== expected.dtype) {
    if (type !== 'uint8' && type !== 'float32') return 'Export the graph with a uint8 or float32 input.';
    changes.push(`dtype: ${type}`);
  }
  if (!fits(shape, shapeOf(expected))) {
    const layouts = ['nhwc', 'nchw'] as const;
    const sizes = [expected.size, ...shape.filter((length) => length !== null)];
    const form = layouts
      .flatMap((layout) => sizes.map((size) => ({ layout, size })))
      .find((candidate) => fits(shape, shapeOf(candidate)));
    if (form === undefined) return 'Export the graph with a square input of three channels.';
    if (form.layout !== expected.layout) changes.push(`layout: ${form.layout}`);
    if (form.size !== expected.size) changes.push(`size: ${form.size}`);
  }
  return `Write ${changes.join(', ')} below "input".`;
}

const words = ({ type, shape }: GraphPort): string =>
  shape.length === 0 ? type : `${type} [${shape.map((length) => length ?? 'N').join(', ')}]`;

const shapeWords = (anImage: readonly number[]): string => `[N, ${anImage.join(', ')}]`;
