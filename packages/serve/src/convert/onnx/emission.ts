import type { Activation } from '../graph.js';
import type { OnnxBuilder } from './onnx-builder.js';
import type { TensorFormat } from './tensor-format.js';

/** An ONNX graph under way: where an operator finds its inputs and leaves its output. */
export class Emission {
  readonly #values = new Map<string, string>();

  constructor(
    readonly builder: OnnxBuilder,
    readonly format: TensorFormat,
  ) {}

  /** Name of the value that stands for an activation. */
  value({ name }: Activation): string {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`${name} is read before it is worked out`);
    return value;
  }

  define({ name }: Activation, value: string): void {
    this.#values.set(name, value);
  }
}
