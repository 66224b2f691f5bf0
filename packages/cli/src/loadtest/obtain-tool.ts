import { k6, type LoadTool, locust } from '@servelab/lab';
import type { Terminal } from '../command.js';
import type { LoadTestOptions } from './loadtest-options.js';

/**
 * Locust, installed where it is not there yet, or the k6 on the path.
 *
 * @throws UserError (exit code 3) where it cannot be had
 */
export async function obtainTool(
  { tool, ui, locustProcesses }: LoadTestOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LoadTool> {
  const { environment, interactive } = terminal;
  if (tool === 'k6') return await k6(environment, signal);
  return await locust({
    environment,
    signal,
    showProgress: interactive,
    processes: locustProcesses,
    ui,
    onEvent: (event) => {
      if (event.kind === 'started') {
        terminal.err(`locust: installing with ${event.installer} for Python ${event.python} (once)`);
      }
      if (event.kind === 'waiting') terminal.err('locust: somebody else is installing it; waiting');
    },
  });
}
