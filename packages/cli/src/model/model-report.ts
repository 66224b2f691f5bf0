import type { ModelState } from '@servelab/serve';
import { builtInRows, ownRows } from './model-rows.js';

/** What the cache holds, in one word. */
export function stateWord({ entry, files }: ModelState): 'ready' | 'damaged' | 'not pulled' {
  if (entry === null) return 'not pulled';
  return files.every(({ state }) => state === 'ok') ? 'ready' : 'damaged';
}

export function modelLine(model: ModelState): string {
  const { name, description } = model.manifest;
  const about = description === '' && model.kind === 'own' ? 'added' : description;
  return `${name.padEnd(16)} ${stateWord(model).padEnd(11)} ${about}`;
}

export function modelDetails(model: ModelState): string {
  const { name, description, licence } = model.manifest;
  const rows: [string, string][] = [
    ['model', description === '' ? name : `${name}: ${description}`],
    ['licence', licence],
    ...(model.kind === 'built-in' ? builtInRows(model.manifest) : ownRows(model.manifest)),
    ['state', stateWord(model)],
    ['cached in', model.entry?.folder ?? '-'],
  ];
  return [...rows.map(([key, value]) => `${key.padEnd(12)}${value}`), ...fileLines(model)].join('\n');
}

export function fileLines({ files, entry }: ModelState): string[] {
  return files.map(({ file, state, bytes }) => {
    const size = bytes === null ? '-' : `${(bytes / 1e6).toFixed(2)} MB`;
    return `${state.padEnd(12)}${file.padEnd(12)}${size.padStart(11)}  sha256 ${entry?.files[file] ?? '?'}`;
  });
}

/** For `--json`. */
export function modelDocument(model: ModelState): Record<string, unknown> {
  const { kind, manifest, entry, files } = model;
  return {
    kind,
    ...manifest,
    state: stateWord(model),
    folder: entry?.folder ?? null,
    files: files.map((file) => ({ ...file, sha256: entry?.files[file.file] ?? null })),
  };
}
