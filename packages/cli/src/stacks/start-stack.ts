import { EXIT, environmentError, flagName, type OptionTable, resolveOptions } from '@servelab/core';
import { findEnvironment, parseStackName, runPeer } from '@servelab/lab';
import { SERVE_OPTIONS } from '@servelab/serve';
import type { Invocation } from '../command.js';
import { obtainModel } from '../model/obtain-model.js';
import { prepareKeras } from './prepare-keras.js';

export interface StartOptions {
  readonly host: string;
  /** Null for the stack's own. */
  readonly port: number | null;
  /** Images; null for the stack's own. */
  readonly maxBatchSize: number | null;
}

interface StartContext extends Pick<Invocation<OptionTable>, 'configFile' | 'terminal' | 'signal'> {
  /** The command that serves in this process. */
  readonly serve: (invocation: Invocation<typeof SERVE_OPTIONS>) => Promise<number>;
}

/**
 * Runs one stack in the foreground until the signal; prints `listening URL` once it can answer.
 *
 * @throws UserError (exit code 2) for a name that is none, (exit code 3) when it is not installed or does not run
 */
export async function startStack(
  text: string,
  options: StartOptions,
  context: StartContext,
): Promise<number> {
  const { terminal, signal } = context;
  const stack = parseStackName(text);
  if (stack.kind === 'servelab') {
    const { policy, precision } = stack;
    return await startOwn({ policy, precision, ...given(options) }, context);
  }
  const { peer, form, batches, precision } = stack;
  const installed = await findEnvironment(peer.name, terminal.environment);
  if (installed === null) {
    throw environmentError(`${peer.title} is not installed`, `Run "servelab stacks setup ${peer.name}".`);
  }
  const { folder } = installed;
  const { graphs, labelsPath } = await obtainModel(new Set([precision]), terminal, signal);
  const graph = graphs[precision];
  if (graph === undefined) throw new Error(`no ${precision} graph was obtained`);
  const modelPath = form === 'seeds' ? await prepareKeras(graph, folder, terminal, signal) : graph.path;
  const { host, port } = options;
  const maxBatchSize = batches ? options.maxBatchSize : 1;
  await runPeer(
    {
      ...{ peer, form, host, port: port ?? peer.port, environmentFolder: folder, modelPath, labelsPath },
      ...(maxBatchSize === null ? {} : { maxBatchSize }),
    },
    {
      signal,
      onOutput: (printed) => terminal.err(printed.trimEnd()),
      onReady: (url) => terminal.out(`listening ${url}`),
    },
  );
  return EXIT.ok;
}

const given = ({ host, port, maxBatchSize }: StartOptions) => ({
  host,
  ...(port === null ? {} : { port }),
  ...(maxBatchSize === null ? {} : { maxBatchSize }),
});

/** As `servelab serve` would, with the name's policy and precision before those of `servelab.yaml`. */
async function startOwn(
  flags: Readonly<Record<string, string | number>>,
  { configFile, terminal, signal, serve }: StartContext,
): Promise<number> {
  const { values } = resolveOptions(SERVE_OPTIONS, {
    flags: Object.fromEntries(Object.entries(flags).map(([key, value]) => [flagName(key), `${value}`])),
    environment: terminal.environment,
    file: configFile.section('serve'),
  });
  return await serve({ positionals: [], options: values, configFile, terminal, signal });
}
