import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MS_PER_S } from '@servelab/core';
import { OnnxBuilder } from '../convert/onnx/onnx-builder.js';
import { sha256 } from '../model/sha256.js';
import { knownDevices } from '../runtime/backends.js';
import type { Device } from '../runtime/devices.js';
import { STANDARD_PORTS } from '../runtime/graph-inference.js';
import type { FromWorker, WorkerSetup } from './protocol.js';
import { WorkerProcess } from './worker-process.js';

const SIZE = 8;
const TIMEOUT_MS = 60_000;

/** A device that ONNX Runtime knows of here, and why no model can run on it; null where one can. */
export interface DeviceState {
  readonly device: Device;
  readonly obstacle: string | null;
}

/** Runs a tiny model on every device, each in a worker as a server has it: a driver that crashes ends that alone. */
export async function examineDevices(): Promise<DeviceState[]> {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-devices-'));
  try {
    const graph = tinyGraph();
    const graphPath = join(folder, 'tiny.onnx');
    await writeFile(graphPath, graph);
    const setup = setupOf(graphPath, sha256(graph));
    return await Promise.all(
      knownDevices().map(async (device) => ({ device, obstacle: await obstacleOn(device, setup) })),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What image models are made of; on a GPU a convolution needs libraries of its own. */
function tinyGraph(): Uint8Array {
  const builder = new OnnxBuilder();
  const kernel = builder.constant('float', 'kernel', new Float32Array(9).fill(1), [3, 3, 1, 1]);
  const features = builder.node('Relu', 'relu', [builder.node('Conv', 'conv', ['image', kernel])]);
  const answer = builder.node('Flatten', 'answer', [builder.node('GlobalAveragePool', 'pool', [features])]);
  return builder.finish(
    { name: 'image', type: 'float', dims: ['N', 3, SIZE, SIZE] },
    { name: answer, type: 'float', dims: ['N', 3] },
  );
}

function setupOf(graphPath: string, graphSha256: string): Omit<WorkerSetup, 'devices'> {
  const graph = { graphPath, graphSha256, inputSize: SIZE, classCount: 3, intraOpThreads: 1 };
  const ports = { ...STANDARD_PORTS, layout: 'nchw', dtype: 'float32' } as const;
  return {
    runtime: { kind: 'onnx', ...graph, ports },
    maxBatchSize: 1,
    ...{ maxImagePixels: SIZE ** 2, maxImageSide: SIZE, exactDecode: false, decodeTimeoutMs: TIMEOUT_MS },
    decodeThreads: 0,
    ...{ sharedBytes: 0, measureCosts: false },
  };
}

async function obstacleOn(device: Device, setup: Omit<WorkerSetup, 'devices'>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  let worker: WorkerProcess | undefined;
  const obstacle = await new Promise<string | null>((resolve) => {
    const receive = (message: FromWorker) => {
      if (message.type === 'ready') resolve(null);
      if (message.type === 'open-failed') resolve(message.error.message);
    };
    const ended = (cause: string) => resolve(`a process that tried it ${cause}`);
    worker = new WorkerProcess(null, [device]);
    worker.attend({ message: receive, ended });
    worker.send({ type: 'open', setup: { ...setup, devices: [device] } });
    timer = setTimeout(() => resolve(`it did not answer within ${TIMEOUT_MS / MS_PER_S} s`), TIMEOUT_MS);
  });
  clearTimeout(timer);
  await worker?.kill();
  return obstacle;
}
