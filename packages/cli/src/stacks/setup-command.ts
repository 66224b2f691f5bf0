import { EXIT } from '@servelab/core';
import type { Peer } from '@servelab/lab';
import type { Terminal } from '../command.js';
import { obtainModel } from '../model/obtain-model.js';
import { prepareKeras } from './prepare-keras.js';
import { setUpPeers } from './set-up-peers.js';
import { missingWords } from './setup-words.js';

/** Installs peers and builds the Keras model that their `seeds` forms share; what is there already is left alone. */
export async function setupStacks(
  peers: readonly Peer[],
  json: boolean,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { environments, failures } = await setUpPeers(peers, terminal, signal);
  const [environmentFolder] = Object.values(environments);
  let kerasPath: string | null = null;
  if (environmentFolder !== undefined) {
    const { graphs } = await obtainModel(new Set(['f32']), terminal, signal);
    if (graphs.f32 !== undefined) {
      kerasPath = await prepareKeras(graphs.f32, environmentFolder, terminal, signal);
    }
  }
  if (failures.length > 0) terminal.err(missingWords('NOT INSTALLED', failures));
  if (json) terminal.out(JSON.stringify({ environments, keras_model: kerasPath, failures }, null, 2));
  else
    for (const [name, folder] of Object.entries(environments)) terminal.out(`${name.padEnd(10)} ${folder}`);
  return failures.length === 0 ? EXIT.ok : EXIT.environment;
}
