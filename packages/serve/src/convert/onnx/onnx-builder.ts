import { ATTRIBUTE_TYPE, encodeModel, ONNX_TYPE, type OnnxType } from './onnx-schema.js';

const IR_VERSION = 8;
const OPSET_VERSION = 17;

/** A length, or the name of one that is known at run time only. */
type Dimension = number | string;

/** Collects an ONNX graph node by node; values are known by their names. */
export class OnnxBuilder {
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #used = new Map<string, number>();

  /**
   * Adds a node with one output.
   *
   * @param name wanted for the output; made unique
   * @returns the name of the output
   */
  node(
    opType: string,
    name: string,
    input: readonly string[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    const output = this.#unique(name);
    this.#nodes.push({
      opType,
      name: output,
      input,
      output: [output],
      attribute: Object.entries(attributes).map(([key, value]) =>
        typeof value === 'number'
          ? { name: key, type: ATTRIBUTE_TYPE.int, i: value }
          : { name: key, type: ATTRIBUTE_TYPE.ints, ints: value },
      ),
    });
    return output;
  }

  /** Adds a constant; without `dims` it is a scalar. */
  constant(
    type: OnnxType,
    name: string,
    values: Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array,
    dims: readonly number[] = [],
  ): string {
    const unique = this.#unique(name);
    this.#initializers.push({
      name: unique,
      dims,
      dataType: ONNX_TYPE[type],
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    });
    return unique;
  }

  /** The file, with one input and one output. The output is the value of that name. */
  finish(
    input: { name: string; type: OnnxType; dims: readonly Dimension[] },
    output: { name: string; type: OnnxType; dims: readonly Dimension[] },
  ): Uint8Array {
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'servelab',
      opsetImport: [{ domain: '', version: OPSET_VERSION }],
      graph: {
        name: 'servelab',
        node: this.#nodes,
        initializer: this.#initializers,
        input: [valueInfo(input)],
        output: [valueInfo(output)],
      },
    });
  }

  #unique(name: string): string {
    const count = (this.#used.get(name) ?? 0) + 1;
    this.#used.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  }
}

function valueInfo({ name, type, dims }: { name: string; type: OnnxType; dims: readonly Dimension[] }) {
  const dim = dims.map((length) =>
    typeof length === 'number' ? { dimValue: length } : { dimParam: length },
  );
  return { name, type: { tensorType: { elemType: ONNX_TYPE[type], shape: { dim } } } };
}
