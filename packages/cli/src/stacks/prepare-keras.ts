import { makeKerasModel } from '@servelab/lab';
import type { Terminal } from '../command.js';
import type { ModelGraphFile } from '../model/obtain-model.js';

/**
 * The Keras model of the `seeds` forms, built where it is not there yet.
 *
 * @returns its path
 * @throws as `makeKerasModel`
 */
export async function prepareKeras(
  graph: ModelGraphFile,
  environmentFolder: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const { path, parity } = await makeKerasModel({
    graph,
    environmentFolder,
    environment: terminal.environment,
    signal,
    onBuild: () => terminal.err('building the Keras model from the same weights (once, half a minute)'),
  });
  if (parity !== null) {
    terminal.err(
      `the Keras model answers as ONNX Runtime does: on ${parity.images} images no probability differs by more than ${parity.largest_difference.toExponential(1)}`,
    );
  }
  return path;
}
