import type { ModelRuntime, RuntimeSpec } from './model-runtime.js';

/**
 * Opens what a worker was told to run, and loads no more than that needs.
 *
 * @throws UserError (exit code 3) if an ONNX graph cannot be read, fails its hash, or does not load
 */
export async function openRuntime(spec: RuntimeSpec): Promise<ModelRuntime> {
  switch (spec.kind) {
    case 'onnx':
      return await (await import('./onnx-runtime.js')).onnxRuntime(spec);
    case 'simulated':
      return (await import('./simulated-runtime.js')).simulatedRuntime(spec);
  }
}
