import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { environmentError } from '@servelab/core';
import { clientNoteText } from '../imported/files/client-note.js';
import type { ClientNote } from '../imported/imported-load.js';
import { runProgram } from '../process/run-program.js';
import { CpuWatch } from './cpu-watch.js';
import type { LoadTool, ToolLoad } from './load-tool.js';

interface ToolRun {
  /** Result files that are there now, the note on the client among them. */
  readonly files: readonly string[];
  /** True where the tool itself says that a limit was crossed. */
  readonly crossed: boolean;
}

interface ToolRunOptions {
  readonly signal: AbortSignal;
  /** Somebody is at its page: they see its words, and decide users and length, so nothing is noted of these. */
  readonly attended: boolean;
}

/**
 * Runs a load tool to its end and notes beside its result files what they do not say: the load, and how busy the
 * client was.
 *
 * @returns null when it was interrupted before it had a result
 * @throws UserError (exit code 3) where the tool fails
 */
export async function runTool(
  tool: LoadTool,
  load: ToolLoad,
  { signal, attended }: ToolRunOptions,
): Promise<ToolRun | null> {
  const { words, environment, files, finished } = tool.command(load);
  await mkdir(dirname(load.prefix), { recursive: true });
  // Left from another time, they would pass for this one's.
  for (const file of files) await rm(file, { force: true });
  let watch: CpuWatch | undefined;
  const end = await runProgram({
    command: words,
    environment,
    signal,
    showProgress: attended,
    onStart: (pid) => {
      watch = new CpuWatch(pid);
    },
  }).finally(() => watch?.stop());
  const written = await existing(files);
  if (signal.aborted && written.length < files.length) return null;
  if (!signal.aborted && (end.code === null || !finished.includes(end.code))) {
    throw environmentError(
      `${tool.name} ended with ${end.code ?? 'a signal'}:\n${end.tail.trim().replaceAll(/^/gm, '    ')}`,
      'Read what it said above; docs/locust-and-k6.md has the options of its script.',
    );
  }
  const crossed = end.code !== 0 && end.code !== null;
  if (attended) return { files: written, crossed };
  const notePath = `${load.prefix}_client.json`;
  await writeFile(notePath, clientNoteText(tool.name, noteOf(tool, load, watch)));
  return { files: [...written, notePath], crossed };
}

function noteOf(tool: LoadTool, load: ToolLoad, watch: CpuWatch | undefined): ClientNote {
  const { stack, baseUrl, users, rateRps, warmupS, measuredS } = load;
  return {
    toolVersion: tool.version,
    stack,
    url: baseUrl,
    users: rateRps === null ? users : null,
    rateRps,
    warmupS,
    measuredS,
    thinkS: 0,
    cores: tool.cores,
    busy: watch?.busyOfLast(measuredS) ?? null,
  };
}

async function existing(files: readonly string[]): Promise<string[]> {
  const there = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, at) => there[at]);
}
