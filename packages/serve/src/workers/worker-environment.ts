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
export function workerEnvironment(environment: Environment): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isPassed(name.toUpperCase())) passed[name] = value;
  }
  return { ...passed, ...OURS };
}

function isPassed(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}
