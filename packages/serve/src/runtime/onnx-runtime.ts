import './no-telemetry.js';

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { environmentError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import { InferenceSession } from 'onnxruntime-node';
import { graphInference, STANDARD_PORTS } from './graph-inference.js';
import type { GraphPorts, ModelRuntime, RuntimeSpec } from './model-runtime.js';
import { openOnDevice, type SessionOnDevice } from './session-on-device.js';
import { sessionOptions } from './session-options.js';
import { softmaxRows } from './softmax.js';

type OnnxSpec = Extract<RuntimeSpec, { kind: 'onnx' }>;

const FIX = 'Run "servelab model pull", or remove the folder of the graph: it is made again when needed.';

/**
 * @throws UserError (exit code 3) if the graph cannot be read, is not the one that was made, or does not load on the
 *   CPU; Error that says why another device cannot be used
 */
export async function onnxRuntime(spec: OnnxSpec): Promise<ModelRuntime> {
  const { inputSize, classCount, ports = STANDARD_PORTS } = spec;
  const { session, infer, placement } = await openSession(await readVerified(spec), spec, ports);

  return {
    inputSize,
    classCount,
    ...(placement && { placement }),
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
    const code = errorCode(error);
    throw environmentError(`the graph ${graphPath} cannot be read (${code})`, FIX, error);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== graphSha256) {
    throw environmentError(`the graph ${graphPath} has been changed since it was made`, FIX);
  }
  return bytes;
}

async function openSession(
  bytes: Uint8Array,
  spec: OnnxSpec,
  ports: GraphPorts,
): Promise<Omit<SessionOnDevice, 'placement'> & Partial<SessionOnDevice>> {
  const { device = 'cpu', intraOpThreads, inputSize } = spec;
  if (device !== 'cpu') return await openOnDevice(bytes, { device, intraOpThreads, inputSize, ports });
  try {
    const session = await InferenceSession.create(bytes, sessionOptions(intraOpThreads));
    return { session, infer: graphInference(session, inputSize, ports) };
  } catch (error) {
    const reason = (error as Error).message;
    throw environmentError(`ONNX Runtime cannot load ${spec.graphPath}: ${reason}`, FIX, error);
  }
}
