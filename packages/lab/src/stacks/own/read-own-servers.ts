import { resolve } from 'node:path';
import { hideCredentials, splitCredentials, usageError } from '@servelab/core';
import type { AdapterSpec } from '../../adapters/adapter.js';
import { PEERS } from '../../peers/peers.js';
import { EntryReader } from './entry-reader.js';
import { type OwnServer, type OwnServerStart, UNKNOWN_RUNTIME, withPort } from './own-server.js';

const KEYS = [
  'url',
  'command',
  'cwd',
  'environment',
  'ready',
  'body',
  'field',
  'expect',
  'runtime',
  'precision',
] as const;
/** Names that `--stacks` understands by itself. */
const TAKEN = ['servelab', 'all', ...PEERS.map(({ name }) => name)];
const NAME = /^[a-z][a-z0-9-]*$/;
const SOME_PORT = 1;

/**
 * The servers that a configuration file declares.
 *
 * @param section `stacks` of the file: a mapping of names to entries
 * @param folder that relative `cwd`s start from, and that commands run in: where the file lies
 * @throws UserError (exit code 2) that names the entry, the key and what may stand there
 */
export function readOwnServers(section: Readonly<Record<string, unknown>>, folder: string): OwnServer[] {
  return Object.entries(section).map(([name, entry]) => readOwnServer(name, entry, folder));
}

function readOwnServer(name: string, entry: unknown, folder: string): OwnServer {
  if (!NAME.test(name)) {
    throw usageError(
      `stacks has the name "${name}" in the configuration file`,
      'Use small letters, digits and hyphens, a letter first.',
    );
  }
  if (TAKEN.includes(name)) {
    throw usageError(`stacks.${name} in the configuration file has a name that is taken`, 'Choose another.');
  }
  const reader = new EntryReader(name, entry, KEYS);
  const start = readStart(reader, folder);
  return {
    name,
    url: readUrl(reader, start !== null),
    start,
    readyPath: readReadyPath(reader),
    adapter: readAdapter(reader),
    expect: reader.choice('expect', ['contract', 'none'], 'contract'),
    runtime: reader.text('runtime') ?? UNKNOWN_RUNTIME,
    precision: reader.choice('precision', ['f32', 'int8'], 'f32'),
  };
}

function readStart(reader: EntryReader, folder: string): OwnServerStart | null {
  const command = reader.command('command');
  if (command !== null) {
    const cwd = resolve(folder, reader.text('cwd') ?? '.');
    return { command, cwd, environment: reader.variables('environment') };
  }
  for (const key of ['cwd', 'environment']) {
    if (reader.has(key)) throw reader.refusal(key, 'is of no use without a command', 'Give a command too.');
  }
  return null;
}

function readUrl(reader: EntryReader, started: boolean): string {
  const url = reader.text('url');
  if (url === null) {
    throw reader.refusal(
      'url',
      'is missing',
      'Say where images are to be sent, such as http://127.0.0.1:5000/predict.',
    );
  }
  const concrete = withPort(url, SOME_PORT);
  // Refuses those that cannot be sent.
  splitCredentials(concrete);
  if (!URL.canParse(concrete) || !/^https?:$/.test(new URL(concrete).protocol)) {
    throw reader.refusal(
      'url',
      `is "${hideCredentials(url)}", which is not a URL`,
      'Write it as http://HOST:PORT/PATH; {port} may stand for the port.',
    );
  }
  if (concrete !== url && !started) {
    throw reader.refusal(
      'url',
      'leaves the port open, but nothing is started there',
      'Write the port, or give a command.',
    );
  }
  return url;
}

function readReadyPath(reader: EntryReader): string | null {
  const path = reader.text('ready');
  if (path === null || path.startsWith('/')) return path;
  throw reader.refusal('ready', `is "${path}"`, 'Give a path, such as /health.');
}

function readAdapter(reader: EntryReader): AdapterSpec {
  const body = reader.choice('body', ['multipart', 'json', 'raw'], 'multipart');
  const field = reader.text('field');
  if (field === null) return { body };
  if (body !== 'raw') return { body, field };
  throw reader.refusal(
    'field',
    'is of no use in a raw body',
    'Leave it out, or use body: multipart or json.',
  );
}
