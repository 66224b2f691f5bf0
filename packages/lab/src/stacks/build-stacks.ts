import { servelabStack } from './servelab-stack.js';
import type { Stack } from './stack.js';
import type { StackName } from './stack-name.js';

/** A kind of work: which runtime does it, and with which flags our own server is told so. */
export interface WorkloadKind {
  readonly name: string;
  readonly runtime: string;
  readonly serveFlags: readonly string[];
}

export const PHOTOGRAPHS: WorkloadKind = { name: 'photographs', runtime: 'onnx', serveFlags: [] };

/** A Keras `predict` call costs about 100 ms whatever the batch: here batching matters. */
export const SIMULATED_KERAS: WorkloadKind = {
  name: 'simulated-keras',
  runtime: 'simulated keras-predict',
  serveFlags: ['--runtime', 'simulated', '--cost', 'keras-predict'],
};

export function buildStack(
  stack: StackName,
  workload: WorkloadKind,
  serveCommand: readonly string[],
  extraFlags: readonly string[],
): Stack {
  return servelabStack(
    {
      name: stack.name,
      workload: workload.name,
      kind: 'servelab',
      form: stack.form,
      runtime: workload.runtime,
      precision: stack.precision,
      policy: stack.policy,
    },
    { serveCommand, flags: [...workload.serveFlags, ...extraFlags] },
  );
}
