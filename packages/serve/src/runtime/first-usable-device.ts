import { environmentError, UserError } from '@servelab/core';
import type { Device, UnusableDevice } from './devices.js';

/** Source file, function and condition, with which ONNX Runtime begins the messages of its checks. */
const WHERE = /^\S+\.(?:cc|h):\d+ .* was false\. /s;

export interface FirstUsable<T> {
  readonly device: Device;
  readonly opened: T;
  readonly unusable: readonly UnusableDevice[];
}

/**
 * Tries devices in order until a model opens on one. A UserError is about the graph or the machine and ends the search;
 * so does whatever fails on the CPU, which can always be used: then the model is at fault.
 *
 * @throws UserError (exit code 3) where none of them can be used
 */
export async function firstUsableDevice<T>(
  devices: readonly Device[],
  open: (device: Device) => Promise<T>,
): Promise<FirstUsable<T>> {
  const unusable: UnusableDevice[] = [];
  for (const device of devices) {
    try {
      return { device, opened: await open(device), unusable };
    } catch (error) {
      if (error instanceof UserError || device === 'cpu') throw error;
      unusable.push({ device, reason: reasonOf(error) });
    }
  }
  throw noneUsable(unusable);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(WHERE, '').trim().split('\n')[0] ?? '';
}

function noneUsable(unusable: readonly UnusableDevice[]): UserError {
  const names = unusable.map(({ device }) => device);
  const [only] = unusable;
  const message =
    unusable.length === 1
      ? `the device ${only?.device} cannot be used: ${only?.reason}`
      : `none of the devices can be used: ${unusable.map(({ device, reason }) => `${device} (${reason})`).join(', ')}`;
  return environmentError(
    message,
    `Run "servelab doctor" for what this machine has, see docs/devices.md for what a device needs, or fall back to the CPU with --device ${[...names, 'cpu'].join(',')}.`,
  );
}
