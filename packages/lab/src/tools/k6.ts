import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { environmentError } from '@servelab/core';
import type { Environment } from '@servelab/node';
import { runProgram } from '../process/run-program.js';
import { DEPLOY_FOLDER } from './deploy-folder.js';
import { type LoadTool, secretsOf, type ToolLoad } from './load-tool.js';

const SCRIPT = join(DEPLOY_FOLDER, 'k6', 'k6-script.js');
const THRESHOLD_CROSSED = 99;
const VERSION_ASKED = '1.8.1';

/** @returns null where there is no k6 on the path */
export async function k6Version(environment: Environment, signal: AbortSignal): Promise<string | null> {
  const { code, stdout } = await runProgram({ command: ['k6', 'version'], environment, signal });
  return code === 0 ? (/^k6\S* v(\S+)/.exec(stdout)?.[1] ?? null) : null;
}

/** @throws UserError (exit code 3) where k6 is not installed */
export async function k6(environment: Environment, signal: AbortSignal): Promise<LoadTool> {
  const version = await k6Version(environment, signal);
  if (version === null) {
    throw environmentError(
      'k6 is not on the PATH',
      `Install it with a package manager, or with Go: go install go.k6.io/k6@v${VERSION_ASKED}.`,
    );
  }
  return {
    name: 'k6',
    version,
    cores: availableParallelism(),
    command: (load) => ({
      words: [
        ...['k6', 'run', '--quiet', '--no-usage-report', '--no-color'],
        ...['--summary-export', `${load.prefix}_summary.json`, '--out', `json=${load.prefix}_points.ndjson`],
        ...Object.entries(variables(load)).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
        SCRIPT,
      ],
      environment: { ...environment, ...secretsOf(load) },
      files: [`${load.prefix}_summary.json`, `${load.prefix}_points.ndjson`],
      finished: [0, THRESHOLD_CROSSED],
    }),
  };
}

const variables = (load: ToolLoad): Record<string, string | number> => ({
  BASE_URL: load.baseUrl,
  FIELD: load.field,
  IMAGES: load.imageFolder,
  ...(load.rateRps === null ? { USERS: load.users ?? 1 } : { RATE: load.rateRps }),
  WARMUP: load.warmupS,
  DURATION: load.measuredS,
});
