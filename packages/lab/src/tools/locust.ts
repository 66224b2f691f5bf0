import { join } from 'node:path';
import { type Environment, freePort } from '@servelab/node';
import { type InstallEvent, install } from '../peers/install.js';
import { DEPLOY_FOLDER } from './deploy-folder.js';
import { type LoadTool, secretsOf, type ToolLoad } from './load-tool.js';

const FOLDER = join(DEPLOY_FOLDER, 'locust');
const LOCUSTFILE = join(FOLDER, 'locustfile.py');
/** As `requirements.in` pins it. */
export const LOCUST_VERSION = '2.47.0';

export interface LocustRequest {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly showProgress: boolean;
  readonly onEvent: (event: InstallEvent) => void;
  /** Processes that send; each can keep one core busy. */
  readonly processes: number;
  /** Shows its page on port 8089, where the test is started, instead of starting it at once. */
  readonly ui: boolean;
}

/**
 * Locust in an environment of its own, made from its lock file where it is not there yet.
 *
 * @throws UserError (exit code 3) as `install`
 */
export async function locust(request: LocustRequest): Promise<LoadTool> {
  const { environment, processes, ui } = request;
  const { folder } = await install({
    ...request,
    name: 'locust',
    lockPath: join(FOLDER, 'requirements.lock'),
  });
  const bin = join(folder, 'bin');
  const several = processes > 1 ? severalProcesses(processes, await freePort()) : [];
  return {
    name: 'locust',
    version: LOCUST_VERSION,
    cores: processes,
    command: (load) => ({
      words: [
        ...[join(bin, 'locust'), '-f', LOCUSTFILE, '--loglevel', 'WARNING', '--stop-timeout', '60'],
        ...(ui ? ['--web-port', '8089'] : headless(load)),
        ...['--users', `${load.users ?? 1}`, '--spawn-rate', `${load.users ?? 1}`],
        ...several,
        ...['--host', load.baseUrl, '--field', load.field, '--images', load.imageFolder],
        ...['--warmup', `${load.warmupS}`, '--csv', load.prefix, '--json-file', load.prefix],
        // Failed requests are in the report; an exit code says that Locust itself has failed.
        ...['--exit-code-on-error', '0'],
      ],
      environment: { ...environment, ...secretsOf(load), PYTHONDONTWRITEBYTECODE: '1' },
      files: ['_stats.csv', '_stats_history.csv', '_failures.csv', '.json'].map((end) => load.prefix + end),
      finished: [0],
    }),
  };
}

const headless = ({ warmupS, measuredS }: ToolLoad): string[] => [
  ...['--headless', '--only-summary', '--run-time', `${warmupS + measuredS}s`],
];

/** They talk over a port, of which Locust has one for all its runs unless it is told another. */
const severalProcesses = (processes: number, port: number): string[] => [
  ...['--processes', `${processes}`, '--master-bind-host', '127.0.0.1'],
  ...['--master-bind-port', `${port}`, '--master-port', `${port}`],
];
