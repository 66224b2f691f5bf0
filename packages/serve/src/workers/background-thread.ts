/** Entry of the thread that runs a policy's background task: inputs come in, results go out. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

// On Linux a priority is the thread's own, elsewhere the whole process's. This work can wait, requests cannot, and both
// may have to share one core.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const specifier = String(workerData);
const { default: run }: { default?: unknown } = await import(specifier);
if (typeof run !== 'function') throw new TypeError(`${specifier} does not export a function as its default`);

parentPort?.on('message', (input: unknown) => parentPort?.postMessage(run(input)));
