import { drive } from './drive.js';
import { type DriverCommand, type DriverMessage, packError } from './driver-protocol.js';
import { createFastClock } from './fast-clock.js';
import type { LoadPlan } from './load-plan.js';

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
    await tell({ type: 'result', result });
  } catch (error) {
    await tell({ type: 'failure', error: packError(error) });
  }
  process.disconnect();
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
// Ctrl-C reaches the whole process group: send no more, write what there is, and tell the parent as ever.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
