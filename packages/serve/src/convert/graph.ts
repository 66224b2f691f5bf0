/**
 * One tensor between two operators. Values are images `[N, C, H, W]` or rows `[N, C]`, any number of them, so
 * only the quantisation is kept: real = scale * (stored - zeroPoint), stored as int8.
 */
export interface Activation {
  readonly name: string;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Bounds that an operator puts on what it gives: [0, 6] for ReLU6. */
export interface Clamp {
  readonly min: number;
  readonly max: number;
}

/**
 * A quantised network between a file format and ONNX: what a reader makes, what the emitters write in f32 or
 * int8. The kinds of node are those of `operators/`.
 */
export interface Graph<Node> {
  /** RGB image, rescaled to [-1, 1]. */
  readonly input: Activation;
  /** Side of the square input, pixels. */
  readonly inputSize: number;
  /** Probabilities. */
  readonly output: Activation;
  readonly classCount: number;
  /** In the order in which they run. */
  readonly nodes: readonly Node[];
}
