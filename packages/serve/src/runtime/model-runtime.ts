import type { Device } from './devices.js';
import type { NodePlacement } from './node-placement.js';

/**
 * Runs one model. Lives in a worker process only: an ONNX session blocks its event loop while it runs.
 */
export interface ModelRuntime {
  /** Side of the square input, pixels. */
  readonly inputSize: number;
  readonly classCount: number;
  /** What of the graph runs on the device, where that is not the CPU. */
  readonly placement?: NodePlacement;
  /**
   * @param pixels RGB bytes, `[count, inputSize, inputSize, 3]`
   * @returns probabilities, `[count, classCount]`
   */
  run(pixels: Uint8Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** How a graph takes its pixels and gives its answer. */
export interface GraphPorts {
  /** null: the only input. */
  readonly inputName: string | null;
  /** null: the only output. */
  readonly outputName: string | null;
  readonly layout: 'nhwc' | 'nchw';
  readonly dtype: 'uint8' | 'float32';
  /** With float32 a pixel value of 0 to 255 becomes (value * scale - mean) / std, channel by channel. */
  readonly scale: number;
  readonly mean: Rgb;
  readonly std: Rgb;
  /** The output is logits, to be made probabilities. */
  readonly softmax: boolean;
}

/** Between the file and the answer, whatever is otherwise than for the graphs that `convert/` writes. */
export interface ImageHandling {
  readonly ports?: GraphPorts;
  /** Cut the centre out instead of stretching the whole image: see `placement`. */
  readonly cropRatio?: number;
  /** Classes answered. */
  readonly topK?: number;
}

/** All that a worker needs to open its runtime; crosses the process boundary, so plain data. */
export type RuntimeSpec =
  | ({
      readonly kind: 'onnx';
      readonly graphPath: string;
      /** Verified again when the graph is loaded. */
      readonly graphSha256: string;
      readonly inputSize: number;
      readonly classCount: number;
      readonly intraOpThreads: number;
      /** The CPU where none is named. */
      readonly device?: Device;
    } & ImageHandling)
  | {
      readonly kind: 'simulated';
      readonly inputSize: number;
      readonly classCount: number;
      /** Milliseconds of a batch of n at index n - 1; linear between and beyond the measured sizes. */
      readonly costMs: readonly number[];
      /** `cpu`: the core is busy meanwhile, as in a Keras call; `device`: the core is free, as with a GPU. */
      readonly occupies: 'cpu' | 'device';
      readonly poison?: Poison;
    };

/** An image on which the simulated runtime fails, to try out what the server then does. */
export interface Poison {
  /** Every pixel of the image has this colour. */
  readonly rgb: readonly [number, number, number];
  /** `throw` an error, `exit` with the whole worker, or `hang` without ever answering. */
  readonly how: 'throw' | 'exit' | 'hang';
}
