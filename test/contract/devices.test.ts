import { afterEach, describe, expect, it } from 'vitest';
import { OnnxBuilder } from '../../packages/serve/src/convert/onnx/onnx-builder.js';
import { COLOUR_SIZE, plainImage } from '../fixtures/colour-classifier.js';
import { ownModelPlace } from '../fixtures/own-model-place.js';
import { ServelabProcess } from '../fixtures/served-process.js';
import { noSoftwareGpu, SOFTWARE_GPU } from '../fixtures/software-gpu.js';

/** ONNX Runtime has it, and not for this system. */
const ELSEWHERE = process.platform === 'darwin' ? 'dml' : 'coreml';
const place = ownModelPlace();
const servers: ServelabProcess[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.kill())));

/** Of the colour classifier, unless flags say otherwise. */
async function serve(flags: readonly string[], environment = {}, graph?: Uint8Array) {
  const args = ['serve', '--port', '0', '--model', await place.written({}, graph), ...flags];
  const server = new ServelabProcess(args, { ...place.options.environment, ...environment });
  servers.push(server);
  return server;
}

const health = async (url: string) => (await (await fetch(`${url}/health`)).json()) as object;

async function predict(url: string, colour: string): Promise<{ top: string; confidence: number }> {
  const body = new FormData();
  body.append('file', new Blob([Uint8Array.from(await plainImage(colour))]), 'a.png');
  const answer = await (await fetch(`${url}/predict`, { method: 'POST', body })).json();
  const { top_prediction, confidence } = answer as { top_prediction: string; confidence: number };
  return { top: top_prediction, confidence };
}

async function warnings(server: ServelabProcess): Promise<object[]> {
  server.signal('SIGTERM');
  const lines = (await server.ended()).stderr.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as { level: string }).filter(({ level }) => level === 'warn');
}

/** Quantised on its way: ONNX Runtime quantises on the CPU only, among these devices. */
function quantisingGraph(): Uint8Array {
  const builder = new OnnxBuilder();
  const scale = builder.constant('float', 'scale', new Float32Array([0.01]));
  const zero = builder.constant('uint8', 'zero', new Uint8Array([0]));
  const means = builder.node('Flatten', 'means', [builder.node('GlobalAveragePool', 'pool', ['image'])]);
  const bytes = builder.node('QuantizeLinear', 'bytes', [means, scale, zero]);
  const logits = builder.node('DequantizeLinear', 'logits', [bytes, scale, zero]);
  const dims = ['N', 3, COLOUR_SIZE, COLOUR_SIZE];
  return builder.finish(
    { name: 'image', type: 'float', dims },
    { name: logits, type: 'float', dims: ['N', 3] },
  );
}

describe('servelab serve --device', () => {
  it('serves on the CPU by default, and says so', async () => {
    const url = await (await serve(['--workers', '1'])).listening();
    expect(await health(url)).toMatchObject({ device: 'cpu', runtime: 'onnx' });
  });

  it.each([['1'], ['0']])(
    'falls back to the next device of the list, and says it aloud once, with %s workers',
    async (workers) => {
      const server = await serve(['--workers', workers, '--device', `${ELSEWHERE},cpu`]);
      const url = await server.listening();
      expect(await health(url)).toMatchObject({ device: 'cpu' });
      expect(await predict(url, '#00f')).toMatchObject({ top: 'blue' });
      expect(await warnings(server)).toEqual([
        expect.objectContaining({
          ...{ device: ELSEWHERE, used: 'cpu' },
          reason: expect.stringContaining('no such execution provider'),
        }),
      ]);
    },
  );

  it.each([['1'], ['0']])(
    'ends at start, without a stack, where no device can be used, with %s workers',
    async (workers) => {
      const server = await serve(['--workers', workers], { SERVELAB_DEVICE: ELSEWHERE });
      const { exitCode, stdout, stderr } = await server.ended();
      expect([exitCode, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(
        new RegExp(`^error: .*the device ${ELSEWHERE} cannot be used: ONNX Runtime`, 'm'),
      );
      expect(stderr).toMatch(new RegExp(`^fix: .*servelab doctor.*--device ${ELSEWHERE},cpu`, 'm'));
      expect(stderr).not.toMatch(/^ +at /m);
    },
  );

  it('refuses a device that ONNX Runtime does not have at all', async () => {
    const { exitCode, stderr } = await (await serve(['--device', 'tpu'])).ended();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: --device has "tpu"\nfix: Use one or more of: cpu, webgpu, cuda');
  });

  it('is ignored by the simulated runtime, which runs on none', async () => {
    const server = await serve(['--runtime', 'simulated', '--workers', '1', '--device', ELSEWHERE]);
    expect(await health(await server.listening())).toMatchObject({ runtime: 'simulated', device: null });
  });
});

describe.skipIf(noSoftwareGpu !== null)(
  `servelab serve --device webgpu on a GPU of software (${noSoftwareGpu ?? 'there is one'})`,
  () => {
    it.each([['1'], ['0']])('answers as on the CPU, with %s workers', async (workers) => {
      const gpu = await serve(['--workers', workers, '--device', 'webgpu'], SOFTWARE_GPU);
      const cpu = await serve(['--workers', workers]);
      const [gpuUrl, cpuUrl] = [await gpu.listening(), await cpu.listening()];
      expect(await health(gpuUrl)).toMatchObject({ device: 'webgpu', ready_workers: 1 });
      for (const colour of ['#f00', '#0f0', '#00f', '#456789']) {
        const { top, confidence } = await predict(cpuUrl, colour);
        expect(await predict(gpuUrl, colour)).toEqual({ top, confidence: expect.closeTo(confidence, 5) });
      }
      expect(await warnings(gpu)).toEqual([]);
    });

    it('says how much of a graph the device leaves to the CPU', async () => {
      const flags = ['--workers', '1', '--device', 'webgpu'];
      const server = await serve(flags, SOFTWARE_GPU, quantisingGraph());
      const url = await server.listening();
      expect(await predict(url, '#0f0')).toMatchObject({ top: 'green' });
      expect(await warnings(server)).toEqual([
        expect.objectContaining({ device: 'webgpu', nodes_on_cpu: 1, nodes: expect.any(Number) }),
      ]);
    });
  },
);
