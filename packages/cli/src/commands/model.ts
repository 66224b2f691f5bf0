import { EXIT, type OptionTable, usageError } from '@servelab/core';
import { findModel, MODELS, type ModelState, pullModel, verifyModel } from '@servelab/serve';
import { defineCommand, type Terminal } from '../command.js';
import { JSON_OPTION } from '../json-option.js';
import { modelProgress } from '../model/model-progress.js';
import { fileLines, modelDetails, modelDocument, modelLine, stateWord } from '../model/model-report.js';

const OPTIONS = { json: JSON_OPTION } as const satisfies OptionTable;

/** Each shows what it finds and answers with the exit code. */
const ACTIONS = { list, pull, info, verify };
type Action = keyof typeof ACTIONS;

interface Call {
  /** As typed; null where the name is left out. */
  readonly name: string | null;
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export const model = defineCommand({
  positionals: 'list|pull|info|verify [NAME]',
  options: OPTIONS,
  async run({ positionals, options, terminal, signal }) {
    const [action, name, ...rest] = positionals;
    if (!isAction(action) || rest.length > 0) {
      throw usageError(
        action === undefined ? 'model needs an action' : `model cannot do "${positionals.join(' ')}"`,
        'Use "servelab model list", or pull, info or verify with a NAME or without.',
      );
    }
    return await ACTIONS[action]({ name: name ?? null, json: options.json, terminal, signal });
  },
});

const isAction = (word: string | undefined): word is Action =>
  word !== undefined && Object.hasOwn(ACTIONS, word);

async function list({ name, json, terminal }: Call): Promise<number> {
  const models = await stateOf(name === null ? MODELS.map((manifest) => manifest.name) : [name], terminal);
  terminal.out(json ? document(models.map(modelDocument)) : models.map(modelLine).join('\n'));
  return EXIT.ok;
}

async function pull({ name, json, terminal, signal }: Call): Promise<number> {
  const { environment } = terminal;
  const wanted = name ?? MODELS[0].name;
  try {
    await pullModel(wanted, { environment, signal, onProgress: modelProgress(terminal) });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
  return await show(wanted, json, terminal, (state) => `${modelLine(state)}\n${fileLines(state).join('\n')}`);
}

async function info({ name, json, terminal }: Call): Promise<number> {
  await show(name ?? MODELS[0].name, json, terminal, modelDetails);
  return EXIT.ok;
}

async function verify({ name, json, terminal }: Call): Promise<number> {
  return await show(name ?? MODELS[0].name, json, terminal, (state) => {
    const lines = [modelLine(state), ...fileLines(state)];
    if (stateWord(state) !== 'ready') lines.push('fix: run "servelab model pull"');
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
  const [state] = await stateOf([findModel(name).name], terminal);
  if (state === undefined) throw new Error(`no state of ${name}`);
  terminal.out(json ? document(modelDocument(state)) : words(state));
  return stateWord(state) === 'ready' ? EXIT.ok : EXIT.environment;
}

const stateOf = (names: readonly string[], { environment }: Terminal): Promise<ModelState[]> =>
  Promise.all(names.map((name) => verifyModel(name, { environment })));

const document = (value: unknown): string => JSON.stringify(value, null, 2);
