/** A kind of work: which runtime does it, and with which flags our own server is told so. */
export interface WorkloadKind {
  readonly name: string;
  readonly kind: 'photographs' | 'simulated';
  readonly runtime: string;
  readonly serveFlags: readonly string[];
}

export const PHOTOGRAPHS: WorkloadKind = {
  name: 'photographs',
  kind: 'photographs',
  runtime: 'onnx',
  serveFlags: [],
};

/** A Keras `predict` call costs about 100 ms whatever the batch: here batching matters. */
export const SIMULATED_KERAS: WorkloadKind = {
  name: 'simulated-keras',
  kind: 'simulated',
  runtime: 'simulated keras-predict',
  serveFlags: ['--runtime', 'simulated', '--cost', 'keras-predict'],
};
