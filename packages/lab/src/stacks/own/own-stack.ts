import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { freePort } from '@servelab/node';
import { whyNotReady } from '../../process/readiness.js';
import { type RunningStack, type Stack, type StackDescription, StackFailure } from '../stack.js';
import { warmUp } from '../warm-up.js';
import { choosesPort, type OwnServer, withPort } from './own-server.js';
import { startOwnServer, type Whereabouts } from './start-own-server.js';
import { UncontrolledServer } from './uncontrolled-server.js';

const WARMUP_REQUESTS = 16;

/**
 * A server of the user's own: started afresh where it has a command, otherwise taken as it runs.
 *
 * @param imagePath what it is warmed up with
 */
export function ownStack(description: StackDescription, server: OwnServer, imagePath: string): Stack {
  return {
    ...description,
    adapter: server.adapter,
    async start(cores, signal) {
      const at = await whereabouts(server);
      const running =
        server.start === null
          ? await takeAsItRuns(server.name, at, signal)
          : await startOwnServer(server.name, server.start, at, cores, signal);
      try {
        await requireAnswer(server, running, imagePath, signal);
        return running;
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
  };
}

async function whereabouts(server: OwnServer): Promise<Whereabouts> {
  const port = choosesPort(server) ? await freePort() : null;
  const predictUrl = port === null ? server.url : withPort(server.url, port);
  const url = new URL(server.readyPath ?? predictUrl, predictUrl).href;
  return { predictUrl, port, probe: { url, anyStatus: server.readyPath === null } };
}

async function takeAsItRuns(name: string, at: Whereabouts, signal: AbortSignal): Promise<RunningStack> {
  const trouble = await whyNotReady(at.probe, signal);
  if (trouble !== null) throw new StackFailure(`${name}: ${trouble}`, '');
  return new UncontrolledServer(at.predictUrl);
}

/** Warms it up; the first answer must be of the kind that is expected of it. */
async function requireAnswer(
  { name, adapter, expect }: OwnServer,
  running: RunningStack,
  imagePath: string,
  signal: AbortSignal,
): Promise<void> {
  const image = { name: basename(imagePath), bytes: await readFile(imagePath) };
  const plan = { url: running.predictUrl, adapter, image, requests: WARMUP_REQUESTS };
  const trouble = await warmUp({ ...plan, anyAnswer: expect === 'none' }, signal);
  if (trouble === null) return;
  const hint = expect === 'contract' ? '; for a server with answers of its own, write "expect: none"' : '';
  throw new StackFailure(`${name} does not answer as it should: ${trouble}${hint}`, running.logTail());
}
