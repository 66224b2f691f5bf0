import type { ModelRuntime, RuntimeSpec } from './model-runtime.js';
import { onnxRuntime } from './onnx-runtime.js';
import { simulatedRuntime } from './simulated-runtime.js';

/**
 * Opens what a worker was told to run.
 *
 * @throws UserError (exit code 3) if an ONNX graph cannot be read, fails its hash, or does not load
 */
export async function openRuntime(spec: RuntimeSpec): Promise<ModelRuntime> {
  switch (spec.kind) {
    case 'onnx':
      return await onnxRuntime(spec);
    case 'simulated':
      return simulatedRuntime(spec);
  }
}
