import { expect, it } from 'vitest';
import { ServelabProcess } from '../../../../test/fixtures/served-process.js';
import { noSoftwareGpu, SOFTWARE_GPU } from '../../../../test/fixtures/software-gpu.js';
import { examineDevices } from './examine-devices.js';

it('runs a model on each device that ONNX Runtime has here, the CPU among them', async () => {
  const states = await examineDevices();
  expect(states).toContainEqual({ device: 'cpu', obstacle: null });
  expect(new Set(states.map(({ device }) => device)).size).toBe(states.length);
});

it.skipIf(noSoftwareGpu !== null)(
  `finds a GPU of software, for servelab doctor (${noSoftwareGpu ?? 'there is one'})`,
  async () => {
    const { stdout } = await new ServelabProcess(['doctor', '--json'], SOFTWARE_GPU).ended();
    const { findings } = JSON.parse(stdout) as { findings: object[] };
    expect(findings).toContainEqual(expect.objectContaining({ name: 'device webgpu', ok: true }));
  },
);
