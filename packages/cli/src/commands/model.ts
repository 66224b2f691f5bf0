import { EXIT, usageError } from '@servelab/core';
import { addModel, MODELS, type ModelState, modelNames, pullModel, verifyModel } from '@servelab/serve';
import type { Invocation, Terminal } from '../command.js';
import type { MODEL_OPTIONS } from '../model/model-options.js';
import { modelProgress } from '../model/model-progress.js';
import { fileLines, modelDetails, modelDocument, modelLine, stateWord } from '../model/model-report.js';

/** Each shows what it finds and answers with the exit code. */
const ACTIONS = { list, add, pull, info, verify };
type Action = keyof typeof ACTIONS;

interface Call {
  /** As typed, a name or the path of a manifest; null where it is left out. */
  readonly name: string | null;
  /** Of a model to be added. */
  readonly newName: string | null;
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export async function model({
  positionals,
  options,
  terminal,
  signal,
}: Invocation<typeof MODEL_OPTIONS>): Promise<number> {
  const [action, name, ...rest] = positionals;
  if (!isAction(action) || rest.length > 0) {
    throw usageError(
      action === undefined ? 'model needs an action' : `model cannot do "${positionals.join(' ')}"`,
      'Use "servelab model list"; pull, info or verify with a NAME or without; or add with a MANIFEST.',
    );
  }
  if (options.name !== null && action !== 'add') {
    throw usageError(`model ${action} takes no --name`, 'Write the name without a flag before it.');
  }
  const { json, name: newName } = options;
  return await ACTIONS[action]({ name: name ?? null, newName, json, terminal, signal });
}

const isAction = (word: string | undefined): word is Action =>
  word !== undefined && Object.hasOwn(ACTIONS, word);

async function list({ name, json, terminal }: Call): Promise<number> {
  const names = name === null ? await modelNames(terminal.environment) : [name];
  const models = await Promise.all(names.map((each) => stateOf(each, terminal)));
  terminal.out(json ? document(models.map(modelDocument)) : models.map(modelLine).join('\n'));
  return EXIT.ok;
}

async function add(call: Call): Promise<number> {
  const { name: path, newName, terminal, signal } = call;
  if (path === null) {
    throw usageError('model add needs a manifest', 'Name a YAML or JSON file; docs/your-model.md has one.');
  }
  const { environment } = terminal;
  const work = addModel(path, newName ?? undefined, {
    environment,
    signal,
    onProgress: modelProgress(terminal),
  });
  return await showMade(call, work);
}

async function pull(call: Call): Promise<number> {
  const { name, terminal, signal } = call;
  const { environment } = terminal;
  const wanted = name ?? MODELS[0].name;
  const work = pullModel(wanted, { environment, signal, onProgress: modelProgress(terminal) });
  return await showMade(
    call,
    work.then(() => wanted),
  );
}

/** What work on a model has put into the cache, or that it was interrupted. */
async function showMade({ json, terminal, signal }: Call, work: Promise<string>): Promise<number> {
  let name: string;
  try {
    name = await work;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
  return await show(name, json, terminal, (state) => `${modelLine(state)}\n${fileLines(state).join('\n')}`);
}

async function info({ name, json, terminal }: Call): Promise<number> {
  await show(name ?? MODELS[0].name, json, terminal, modelDetails);
  return EXIT.ok;
}

async function verify({ name, json, terminal }: Call): Promise<number> {
  return await show(name ?? MODELS[0].name, json, terminal, (state) => {
    const lines = [modelLine(state), ...fileLines(state)];
    if (stateWord(state) !== 'ready')
      lines.push(`fix: run "servelab model pull${name === null ? '' : ` ${name}`}"`);
    return lines.join('\n');
  });
}

/** @returns the exit code: 3 where the model is not there, or not as it was made */
async function show(
  name: string,
  json: boolean,
  terminal: Terminal,
  words: (state: ModelState) => string,
): Promise<number> {
  const state = await stateOf(name, terminal);
  terminal.out(json ? document(modelDocument(state)) : words(state));
  return stateWord(state) === 'ready' ? EXIT.ok : EXIT.environment;
}

const stateOf = (name: string, { environment }: Terminal): Promise<ModelState> =>
  verifyModel(name, { environment });

const document = (value: unknown): string => JSON.stringify(value, null, 2);
