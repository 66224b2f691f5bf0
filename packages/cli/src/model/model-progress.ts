import type { ModelProgress } from '@servelab/serve';
import type { Terminal } from '../command.js';

/** Up one line and clear it: the line before is written over. */
const REWRITE = '\u001b[1A\u001b[2K';

/** Tells on standard error what is done to a model: a download on one line on a terminal, a line a step elsewhere. */
export function modelProgress(terminal: Terminal): (progress: ModelProgress) => void {
  let downloading: string | null = null;
  return (progress) => {
    const again = progress.kind === 'fetched' && downloading === progress.file;
    downloading = progress.kind === 'fetched' ? progress.file : null;
    terminal.err(`${again && terminal.interactive ? REWRITE : ''}${progressWords(progress)}`);
  };
}

function progressWords(progress: ModelProgress): string {
  switch (progress.kind) {
    case 'fetching':
      return `fetching ${progress.file} from ${progress.from}`;
    case 'fetched': {
      const total = progress.totalBytes === null ? '' : ` of ${megabytes(progress.totalBytes)}`;
      return `fetched ${megabytes(progress.bytes)}${total} MB of ${progress.file}`;
    }
    case 'converting':
      return `converting to ${progress.precision}`;
    case 'checking':
      return `checking ${progress.file} against the manifest`;
    case 'synthetic':
      return `SYNTHETIC WEIGHTS (timings are real, answers are not): ${progress.reason}`;
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
