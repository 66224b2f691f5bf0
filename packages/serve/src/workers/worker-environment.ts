import type { Device } from '../runtime/devices.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables of the server that a worker is given: what libraries and the loader need to be found, temporary files to have
 * a place, numbers and messages a language, and what people tune libvips, ONNX Runtime and allocators with. Everything
 * else stays behind, above all secrets (a worker parses files of strangers) and what would load the server's tools into
 * every worker (`NODE_OPTIONS`).
 */
const NAMES = new Set([
  'PATH',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'DYLD_LIBRARY_PATH',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LANG',
  'TZ',
  'GLIBC_TUNABLES',
  'SYSTEMROOT',
]);
const PREFIXES = ['LC_', 'VIPS_', 'ORT_', 'MALLOC_'];

/**
 * Further variables for a device other than the CPU: where its drivers are, and which of several is meant. All by name
 * where others are common with the same beginning: `NVIDIA_API_KEY` and `VK_TOKEN` are secrets.
 */
const DRIVER_NAMES = new Set([
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'VK_ADD_DRIVER_FILES',
  'VK_LOADER_DRIVERS_SELECT',
  'VK_LOADER_DRIVERS_DISABLE',
  'VK_LOADER_DEBUG',
  'XDG_DATA_DIRS',
  'XDG_CONFIG_DIRS',
  'NVIDIA_VISIBLE_DEVICES',
  'NVIDIA_DRIVER_CAPABILITIES',
  'NVIDIA_TF32_OVERRIDE',
]);
const DRIVER_PREFIXES = ['CUDA_', 'CUDNN_', 'MESA_'];

/**
 * One thread a worker, whatever library is asked: more workers serve a small model better than more threads, and a
 * worker's memory stays that of one image and one batch.
 */
const OURS = {
  OMP_NUM_THREADS: '1',
  VIPS_CONCURRENCY: '1',
  UV_THREADPOOL_SIZE: '1',
  MALLOC_ARENA_MAX: '2',
  // glibc raises these by itself after the first large free, and then keeps what loading the model needed.
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

/** The environment of a worker process. Names are compared as Windows does, without regard to case. */
export function workerEnvironment(
  environment: Environment,
  devices: readonly Device[] = ['cpu'],
): Record<string, string> {
  const needsDriver = devices.some((device) => device !== 'cpu');
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    if (value === undefined) continue;
    if (isPassed(upper) || (needsDriver && isForDriver(upper))) passed[name] = value;
  }
  return { ...passed, ...OURS };
}

function isPassed(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}

function isForDriver(name: string): boolean {
  return DRIVER_NAMES.has(name) || DRIVER_PREFIXES.some((prefix) => name.startsWith(prefix));
}
