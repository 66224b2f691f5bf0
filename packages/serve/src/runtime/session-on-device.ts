import './no-telemetry.js';

import { InferenceSession } from 'onnxruntime-node';
import { loadFailure, obstacleTo } from './backends.js';
import type { Device } from './devices.js';
import { type GraphInference, graphInference } from './graph-inference.js';
import type { GraphPorts } from './model-runtime.js';
import { type NodePlacement, withPlacement } from './node-placement.js';
import { sessionOptions } from './session-options.js';

/** Where a graph is to run, and how it takes an image. */
export interface DeviceRequest {
  readonly device: Exclude<Device, 'cpu'>;
  readonly intraOpThreads: number;
  readonly inputSize: number;
  readonly ports: GraphPorts;
}

export interface SessionOnDevice {
  readonly session: InferenceSession;
  readonly infer: GraphInference;
  readonly placement: NodePlacement;
}

/**
 * Opens a graph on a device, and runs it once: only then is it known that the device can, and what it leaves to the CPU.
 *
 * @throws Error that says why the device cannot be used
 */
export async function openOnDevice(bytes: Uint8Array, request: DeviceRequest): Promise<SessionOnDevice> {
  const { device, intraOpThreads, inputSize, ports } = request;
  const obstacle = obstacleTo(device);
  if (obstacle !== null) throw new Error(obstacle);

  const { value, placement } = await withPlacement(async (profileFilePrefix) => {
    const options = { ...sessionOptions(intraOpThreads, device), enableProfiling: true, profileFilePrefix };
    const session = await InferenceSession.create(bytes, options).catch((error: Error) => {
      throw new Error(loadFailure(device) ?? error.message, { cause: error });
    });
    const infer = graphInference(session, inputSize, ports);
    return await orRelease(session, async () => {
      await infer(new Uint8Array(inputSize ** 2 * 3), 1);
      session.endProfiling();
      return { session, infer };
    });
  });
  return await orRelease(value.session, async () => {
    if (placement.nodesOnCpu === placement.nodes) throw new Error('it can run no node of the graph');
    return { ...value, placement };
  });
}

async function orRelease<T>(session: InferenceSession, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await session.release();
    throw error;
  }
}
