import { environmentError, UserError, usageError } from '@servelab/core';
import { type GraphPort, type InspectedGraph, inspectGraph } from '../runtime/inspect-graph.js';
import type { GraphPorts } from '../runtime/model-runtime.js';
import { answerProblem, inputProblem, outputProblem, type Problem } from './graph-problems.js';
import { fileName } from './own-file.js';
import { portsOf } from './own-handling.js';
import type { OwnManifest } from './own-manifest.js';

/**
 * Opens a graph once, and runs it, to see that it is what the manifest says.
 *
 * @throws UserError (exit code 2) where the manifest says something else, (exit code 3) for a graph that does not
 *   load or does not run
 */
export async function checkGraph(bytes: Uint8Array, manifest: OwnManifest, classes: number): Promise<void> {
  const file = fileName(manifest.source);
  const graph = await inspectGraph(bytes, file);
  try {
    const { input, softmax, output } = manifest;
    refuse(inputProblem(graph.inputs, input));
    refuse(outputProblem(graph.outputs, output));
    const ports = portsOf(manifest);
    const counts = isFixedToOne(graph.inputs, ports) ? [1] : [1, 2];
    for (const count of counts) {
      const answers = await probe(graph, input.size, ports, count, file);
      refuse(answerProblem(answers, { count, classes, softmax }));
    }
  } finally {
    await graph.close();
  }
}

function refuse(problem: Problem | null): void {
  if (problem !== null) throw usageError(problem.message, problem.fix);
}

function isFixedToOne(inputs: readonly GraphPort[], { inputName }: GraphPorts): boolean {
  return inputs.some(({ name, shape }) => (inputName === null || name === inputName) && shape[0] === 1);
}

async function probe(
  graph: InspectedGraph,
  size: number,
  ports: GraphPorts,
  count: number,
  file: string,
): Promise<Float32Array> {
  try {
    return await graph.probe(size, ports, count);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw environmentError(
      `${file} fails on a batch of ${count}: ${(error as Error).message.split('\n')[0]}`,
      count === 1
        ? 'Export it again; ONNX Runtime on the CPU must be able to run it.'
        : 'Export it with a batch dimension that is free in every node, or fixed to 1.',
      error,
    );
  }
}
