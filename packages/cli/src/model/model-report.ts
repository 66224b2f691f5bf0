import type { ModelState } from '@servelab/serve';

/** What the cache holds, in one word. */
export function stateWord({ entry, files }: ModelState): 'ready' | 'damaged' | 'not pulled' {
  if (entry === null) return 'not pulled';
  return files.every(({ state }) => state === 'ok') ? 'ready' : 'damaged';
}

export function modelLine(model: ModelState): string {
  return `${model.manifest.name.padEnd(16)}${stateWord(model).padEnd(12)}${model.manifest.description}`;
}

export function modelDetails(model: ModelState): string {
  const { manifest, entry } = model;
  const rows: [string, string][] = [
    ['model', `${manifest.name}: ${manifest.description}`],
    ['input', `uint8 [N, ${manifest.inputSize}, ${manifest.inputSize}, 3] RGB`],
    ['output', `float [N, ${manifest.classCount}] probabilities`],
    ['licence', manifest.licence],
    ['source', manifest.sourceUrl],
    ['weights', `${manifest.weights.name}, sha256 ${manifest.weights.sha256}`],
    ['labels', `${manifest.labels.name}, sha256 ${manifest.labels.sha256}`],
    ['state', stateWord(model)],
    ['cached in', entry?.folder ?? '-'],
  ];
  return [...rows.map(([name, value]) => `${name.padEnd(12)}${value}`), ...fileLines(model)].join('\n');
}

export function fileLines({ files, entry }: ModelState): string[] {
  return files.map(
    ({ file, state }) => `${state.padEnd(12)}${file.padEnd(12)}sha256 ${entry?.files[file] ?? '?'}`,
  );
}

/** For `--json`. */
export function modelDocument(model: ModelState): Record<string, unknown> {
  return {
    ...model.manifest,
    state: stateWord(model),
    folder: model.entry?.folder ?? null,
    files: model.files.map(({ file, state }) => ({ file, state, sha256: model.entry?.files[file] ?? null })),
  };
}
