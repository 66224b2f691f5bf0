import './no-telemetry.js';

import { environmentError } from '@servelab/core';
import { InferenceSession } from 'onnxruntime-node';
import { graphInference } from './graph-inference.js';
import type { GraphPorts } from './model-runtime.js';
import { sessionOptions } from './session-options.js';

/** One input or output of a graph. */
export interface GraphPort {
  readonly name: string;
  /** Element type as ONNX Runtime names it, such as `float32`. */
  readonly type: string;
  /** Lengths; null where a dimension is free. */
  readonly shape: readonly (number | null)[];
}

/** A graph that was opened to be looked at, not to serve. */
export interface InspectedGraph {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  /** The output for so many test images, as the graph gives it: no softmax. */
  probe(size: number, ports: GraphPorts, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * @param file name for messages
 * @throws UserError (exit code 3) for a graph that ONNX Runtime cannot load
 */
export async function inspectGraph(graph: Uint8Array, file: string): Promise<InspectedGraph> {
  let session: InferenceSession;
  try {
    // Whatever goes wrong is said in an error; ONNX Runtime need not say it on standard error, too.
    session = await InferenceSession.create(graph, { ...sessionOptions(1), logSeverityLevel: 4 });
  } catch (error) {
    throw environmentError(
      `ONNX Runtime cannot load ${file}: ${(error as Error).message}`,
      'Give an ONNX graph in one file, with operators that ONNX Runtime has for the CPU.',
      error,
    );
  }
  return {
    inputs: session.inputMetadata.map(asPort),
    outputs: session.outputMetadata.map(asPort),
    async probe(size, ports, count) {
      const pixels = Uint8Array.from({ length: count * size * size * 3 }, (_, at) => (at * 31) & 0xff);
      return await graphInference(session, size, ports)(pixels, count);
    },
    close: () => session.release(),
  };
}

/** ONNX Runtime has a name for a free dimension, or an empty one, or a negative length. */
function asPort(metadata: InferenceSession.ValueMetadata): GraphPort {
  if (!metadata.isTensor) return { name: metadata.name, type: 'no tensor', shape: [] };
  const shape = metadata.shape.map((length) => (typeof length === 'number' && length >= 0 ? length : null));
  return { name: metadata.name, type: metadata.type, shape };
}
