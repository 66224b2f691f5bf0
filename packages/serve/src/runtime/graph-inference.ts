import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { GraphPorts } from './model-runtime.js';
import { pixelConverter } from './pixel-conversion.js';

/** The graphs that `convert/` writes. */
export const STANDARD_PORTS: GraphPorts = {
  inputName: null,
  outputName: null,
  layout: 'nhwc',
  dtype: 'uint8',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  softmax: false,
};

/** RGB bytes `[count, size, size, 3]` in, the numbers of the graph's output as they come, `[count, classes]`. */
export type GraphInference = (pixels: Uint8Array, count: number) => Promise<Float32Array>;

/** @param size side of the square input, pixels */
export function graphInference(session: InferenceSession, size: number, ports: GraphPorts): GraphInference {
  const inputName = ports.inputName ?? session.inputNames[0] ?? '';
  const outputName = ports.outputName ?? session.outputNames[0] ?? '';
  const anImage = ports.layout === 'nhwc' ? [size, size, 3] : [3, size, size];
  const convert = pixelConverter(size, ports);

  async function infer(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const data = convert(pixels, count);
    const dims = [count, ...anImage];
    const input =
      data instanceof Uint8Array ? new Tensor('uint8', data, dims) : new Tensor('float32', data, dims);
    const output = (await session.run({ [inputName]: input }, [outputName]))[outputName];
    if (output?.data instanceof Float32Array) return output.data;
    throw new Error(`the graph answered ${output?.type} ${output?.dims}, not float32`);
  }

  return takesOneImage(session, inputName) ? oneByOne(infer, size) : infer;
}

/** Exported with a batch of one: larger batches are run image by image, and cost what that costs. */
function takesOneImage(session: InferenceSession, inputName: string): boolean {
  const input = session.inputMetadata.find(({ name }) => name === inputName);
  return input?.isTensor === true && input.shape[0] === 1;
}

function oneByOne(infer: GraphInference, size: number): GraphInference {
  return async (pixels, count) => {
    const first = await infer(pixels, 1);
    if (count === 1) return first;
    const all = new Float32Array(count * first.length);
    all.set(first);
    for (let image = 1; image < count; image++) {
      all.set(await infer(pixels.subarray(image * size * size * 3), 1), image * first.length);
    }
    return all;
  };
}
