import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '@servelab/core';
import { pointSchema } from '@servelab/core/report-schema';
import { IMAGES } from '../../fixtures/images.js';
import { type HostileAnswer, hostileAnswer } from '../inputs/hostile-answers.js';
import { chance, randomInteger } from '../inputs/random-input.js';
import { faultOfWords } from './fault-of-words.js';
import type { FuzzTarget } from './fuzz-target.js';
import { startHostileServer } from './hostile-server.js';
import { type WatchedEnd, watchedCommand } from './watched-command.js';

/** A load of half a second with time-outs of a second: only what hangs needs this. */
const ENDS_WITHIN_MS = 60_000;
/** Of command and driver together, far above what their programs need. */
const MOST_MIB = 900;

interface LoadCase {
  readonly answers: readonly HostileAnswer[];
  readonly json: boolean;
  readonly check: boolean;
  readonly interruptAfterMs: readonly number[];
}

/**
 * `servelab load` against a server that answers anything: it ends, every request has one outcome, memory is bounded, and
 * nothing that the server says reaches the terminal as it is.
 */
export const loadTarget: FuzzTarget = {
  name: 'load',
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'servelab-fuzz-load-'));
    const image = join(folder, 'image.gif');
    await writeFile(image, IMAGES.gif);
    return {
      atOnce: 1,
      make(random) {
        const bytes = Buffer.from(JSON.stringify(loadCase(random)));
        return { bytes, how: 'answers of a server, in base64, to servelab load' };
      },
      check: async ({ bytes }) => await faultOfCase(JSON.parse(bytes.toString()) as LoadCase, image),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

function loadCase(random: Random): LoadCase {
  return {
    answers: Array.from({ length: randomInteger(random, 1, 12) }, () => hostileAnswer(random)),
    json: chance(random, 0.5),
    check: chance(random, 0.5),
    interruptAfterMs: chance(random, 0.2) ? [randomInteger(random, 0, 800), 1500] : [],
  };
}

async function faultOfCase(one: LoadCase, image: string): Promise<string | null> {
  const server = await startHostileServer(one.answers);
  try {
    const sizes = ['--concurrency', '4', '--duration', '500ms', '--warmup', '0', '--timeout', '1s'];
    const end = await watchedCommand({
      args: [
        ...['load', server.url, '--image', image, ...sizes],
        ...(one.json ? ['--json'] : []),
        ...(one.check ? ['--expect-path', '$.predictions[0].class_name', '--expect', 'macaw'] : []),
      ],
      endsWithinMs: ENDS_WITHIN_MS,
      interruptAfterMs: one.interruptAfterMs,
    });
    return faultOfEnd(end, one);
  } finally {
    await server.stop();
  }
}

function faultOfEnd(end: WatchedEnd, { json, interruptAfterMs }: LoadCase): string | null {
  const { code, stdout, stderr, peakMib } = end;
  if (peakMib > MOST_MIB) return `memory: ${peakMib.toFixed(0)} MiB at the peak`;
  const wasInterrupted = interruptAfterMs.length > 0;
  if (code === null && !wasInterrupted)
    return `it did not end in ${ENDS_WITHIN_MS} ms: ${stderr.slice(-300)}`;
  const words = faultOfWords(end);
  if (words !== null || code !== 0) return words;
  if (!json) return null;
  const { counts } = pointSchema.parse(JSON.parse(stdout));
  const { scheduled, ok, wrong, rejected, failed, timed_out, incomplete } = counts;
  const outcomes = [ok, wrong, rejected, failed, timed_out, incomplete];
  const sum = outcomes.reduce<number>((total, count) => total + (count ?? Number.NaN), 0);
  return sum === scheduled ? null : `conservation: ${JSON.stringify(counts)}`;
}
