import './no-telemetry.js';

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { DEVICES, type Device } from './devices.js';

/** What the CUDA execution provider is loaded from; too large for the npm package. */
const CUDA_LIBRARIES = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'] as const;

/** How the loader of Linux begins: with the library that it misses. */
const MISSING_LIBRARY = /^\S+\.so[.\d]*: /;

/** Devices that ONNX Runtime knows of on this platform; whether one can be used is another question. */
export function knownDevices(): Device[] {
  const names = new Set<string>(listSupportedBackends().map(({ name }) => name));
  return DEVICES.filter((device) => names.has(device));
}

/**
 * What keeps ONNX Runtime from a device, where that can be seen without a try. Its own words would be
 * "Failed to load shared library".
 */
export function obstacleTo(device: Device): string | null {
  if (!knownDevices().includes(device)) {
    return `ONNX Runtime for ${process.platform}-${process.arch} has no such execution provider`;
  }
  if (device !== 'cuda') return null;
  const folder = bindingFolder();
  const missing = CUDA_LIBRARIES.filter((file) => !existsSync(join(folder, file)));
  return missing.length === 0 ? null : `${folder} has no ${missing.join(' and no ')}`;
}

/**
 * Why the library of a device could not be loaded, asked of the system once ONNX Runtime has failed to: it tells the
 * name of the library that is missing on standard error alone.
 *
 * @returns null where that was not the reason
 */
export function loadFailure(device: Device): string | null {
  if (device !== 'cuda') return null;
  try {
    process.dlopen({ exports: {} }, join(bindingFolder(), CUDA_LIBRARIES[0]));
  } catch (error) {
    const { message } = error as Error;
    // One that can be loaded is no module of Node, which is told in other words.
    return MISSING_LIBRARY.test(message) ? message : null;
  }
  return null;
}

/** Where the libraries of ONNX Runtime's binding lie. */
function bindingFolder(): string {
  const require = createRequire(import.meta.url);
  const description = require.resolve('onnxruntime-node/package.json');
  const [napi] = (require(description) as { binary: { napi_versions: number[] } }).binary.napi_versions;
  return join(dirname(description), 'bin', `napi-v${napi}`, process.platform, process.arch);
}
