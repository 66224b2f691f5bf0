import { type Corpus, type CorpusRequest, loadCorpus } from '@servelab/lab';
import { abortable } from '@servelab/node';
import type { Terminal } from '../command.js';

/** The corpus of a mix, made now or taken from the cache; says so where it is not made of photographs. */
export async function obtainImages(
  mix: CorpusRequest['mix'],
  seed: number,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Corpus> {
  let announced = false;
  const request: CorpusRequest = {
    mix,
    seed,
    environment: terminal.environment,
    onProgress: (_done, total) => {
      if (!announced) terminal.err(`making ${total} images (once)`);
      announced = true;
    },
  };
  const corpus = await abortable(signal, () => loadCorpus(request));
  if (corpus.generated) {
    terminal.err(
      'GENERATED IMAGES: the photographs are not available, so images were generated; see docs/model.md.',
    );
  }
  return corpus;
}
