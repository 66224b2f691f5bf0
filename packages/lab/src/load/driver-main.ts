import { drive } from './drive.js';
import { type DriverCommand, type DriverMessage, packError } from './driver-protocol.js';
import { createFastClock } from './fast-clock.js';
import type { LoadPlan, LoadResult } from './load-plan.js';

const RECORDS_A_MESSAGE = 2000;

// Entry of the driver's own process: nothing else runs in it, so nothing else delays a request.
const abort = new AbortController();

function tell(message: DriverMessage): Promise<void> {
  return new Promise((resolve) => {
    // A parent that is gone cannot be told; `disconnect` ends this process.
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

async function run(plan: LoadPlan): Promise<void> {
  const hooks = {
    onProgress: (progress: Extract<DriverMessage, { type: 'progress' }>['progress']) =>
      void tell({ type: 'progress', progress }),
    onPhase: (phase: Extract<DriverMessage, { type: 'phase' }>['phase'], atUs: number) =>
      void tell({ type: 'phase', phase, atUs }),
  };
  try {
    const result = await drive(plan, createFastClock(), hooks, abort.signal);
    await tellResult(result);
  } catch (error) {
    await tell({ type: 'failure', error: packError(error) });
  }
  // Not by itself: a name that is being looked up, or a disk that does not answer, would keep the process.
  process.exit();
}

/** Records that could not be written go first, in pieces that a message can hold. */
async function tellResult(result: LoadResult): Promise<void> {
  const { unwritten } = result;
  if (unwritten === undefined) return await tell({ type: 'result', result });
  const { records, reason } = unwritten;
  for (let at = 0; at < records.length; at += RECORDS_A_MESSAGE) {
    await tell({ type: 'records', records: records.slice(at, at + RECORDS_A_MESSAGE) });
  }
  await tell({ type: 'result', result: { ...result, unwritten: { reason, records: [] } } });
}

process.on('message', (command: DriverCommand) => {
  switch (command.type) {
    case 'start':
      void run(command.plan);
      break;
    case 'abort':
      abort.abort();
      break;
  }
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole process group: send no more, write what there is, and tell the parent as ever. What a second
// one means is decided by the parent, with which this process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
