import { EXIT, environmentError } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import type { Device } from './devices.js';
import { firstUsableDevice } from './first-usable-device.js';

const NO_ADAPTER =
  '/src/webgpu_context.cc:136 a::B::C()::<lambda()> a == b was false. Failed to get a WebGPU adapter\n';

/** A machine on which these devices fail, each with its error. */
const machine = (failures: Partial<Record<Device, Error>>) => async (device: Device) => {
  const failure = failures[device];
  if (failure !== undefined) throw failure;
  return `opened on ${device}`;
};

describe('the first usable device', () => {
  it('is the first one, and no other is tried', async () => {
    const found = await firstUsableDevice(['cuda', 'cpu'], machine({ cpu: new Error('tried') }));
    expect(found).toEqual({ device: 'cuda', opened: 'opened on cuda', unusable: [] });
  });

  it('is a later one where the earlier ones fail, whose reasons are kept in plain words', async () => {
    const open = machine({ cuda: new Error('no library'), webgpu: new Error(NO_ADAPTER) });
    expect(await firstUsableDevice(['cuda', 'webgpu', 'cpu'], open)).toEqual({
      device: 'cpu',
      opened: 'opened on cpu',
      unusable: [
        { device: 'cuda', reason: 'no library' },
        { device: 'webgpu', reason: 'Failed to get a WebGPU adapter' },
      ],
    });
  });

  it.each<[devices: Device[], message: string]>([
    [['cuda'], 'the device cuda cannot be used: no library'],
    [['cuda', 'webgpu'], 'none of the devices can be used: cuda (no library), webgpu (no adapter)'],
  ])('is none of %s: said with the reasons and a fix', async (devices, message) => {
    const open = machine({ cuda: new Error('no library'), webgpu: new Error('no adapter') });
    await expect(firstUsableDevice(devices, open)).rejects.toMatchObject({
      exitCode: EXIT.environment,
      message,
      fix: expect.stringContaining(`--device ${devices.join()},cpu`),
    });
  });

  it('is not looked for where the graph is at fault, nor after the CPU', async () => {
    const damaged = environmentError('the graph has been changed', 'Pull it.');
    await expect(firstUsableDevice(['cuda', 'cpu'], machine({ cuda: damaged }))).rejects.toBe(damaged);
    const wrong = new Error('the graph answered int64');
    await expect(firstUsableDevice(['cpu', 'cuda'], machine({ cpu: wrong }))).rejects.toBe(wrong);
  });
});
