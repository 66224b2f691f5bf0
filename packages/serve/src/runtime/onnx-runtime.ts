import './no-telemetry.js';

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { environmentError } from '@servelab/core';
import { InferenceSession } from 'onnxruntime-node';
import { graphInference, STANDARD_PORTS } from './graph-inference.js';
import { int8KernelsSaturate } from './int8-kernels.js';
import type { ModelRuntime, RuntimeSpec } from './model-runtime.js';
import { softmaxRows } from './softmax.js';

type OnnxSpec = Extract<RuntimeSpec, { kind: 'onnx' }>;

const FIX = 'Run "servelab model pull", or remove the folder of the graph: it is made again when needed.';

/**
 * Shared by everything that opens a session, benchmarks and tests included, so that what is measured is
 * what is served.
 *
 * `x64quantprecision`: shifts the weights of int8 to uint8, for which the kernels never saturate. Only where they
 * would otherwise: with VNNI the shifted graph takes two and a half times as long.
 */
export function sessionOptions(intraOpThreads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(int8KernelsSaturate() ? { extra: { session: { x64quantprecision: '1' } } } : {}),
  };
}

/**
 * @throws UserError (exit code 3) if the graph cannot be read, is not the one that was made, or does not load
 */
export async function onnxRuntime(spec: OnnxSpec): Promise<ModelRuntime> {
  const session = await openSession(await readVerified(spec), spec);
  const { inputSize, classCount, ports = STANDARD_PORTS } = spec;
  const infer = graphInference(session, inputSize, ports);

  return {
    inputSize,
    classCount,
    async run(pixels, count) {
      const answers = await infer(pixels, count);
      if (answers.length !== count * classCount) {
        throw new Error(`the graph answered ${answers.length} numbers, not [${count}, ${classCount}]`);
      }
      if (ports.softmax) softmaxRows(answers, classCount);
      return answers;
    },
    close: () => session.release(),
  };
}

async function readVerified({ graphPath, graphSha256 }: OnnxSpec): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(graphPath);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw environmentError(`the graph ${graphPath} cannot be read (${code})`, FIX, error);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== graphSha256) {
    throw environmentError(`the graph ${graphPath} has been changed since it was made`, FIX);
  }
  return bytes;
}

async function openSession(bytes: Uint8Array, spec: OnnxSpec): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, sessionOptions(spec.intraOpThreads));
  } catch (error) {
    const reason = (error as Error).message;
    throw environmentError(`ONNX Runtime cannot load ${spec.graphPath}: ${reason}`, FIX, error);
  }
}
