import { type DeviceState, examineDevices } from '@servelab/serve';
import type { Finding } from './findings.js';

const FIXES: Readonly<Record<DeviceState['device'], string>> = {
  cpu: 'runs the models; install the dependencies again (npm ci), or see docs/troubleshooting.md.',
  webgpu: 'runs models on a GPU; on Linux install its Vulkan driver and libvulkan.so.1: docs/devices.md.',
  cuda: 'runs models on an NVIDIA GPU; docs/devices.md has the libraries that it needs.',
  coreml: 'runs models on the GPU and Neural Engine of a Mac: docs/devices.md.',
  dml: 'runs models on a GPU by DirectX 12: docs/devices.md.',
};

/** Which execution providers ONNX Runtime has on this platform, and on which a model runs. */
export async function deviceFindings(): Promise<Finding[]> {
  return (await examineDevices()).map(({ device, obstacle }) => ({
    name: `device ${device}`,
    weight: device === 'cpu' ? 'required' : 'optional',
    ok: obstacle === null,
    found: obstacle === null ? 'runs a model' : obstacle,
    fix: FIXES[device],
  }));
}
