import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readProcessTable } from './process-table.js';
import { answers, printsLine, type Readiness } from './readiness.js';
import { type Launch, startProcess } from './start-process.js';

const never = new AbortController().signal;
const patient = { timeoutMs: 120_000 };
const failure = (why: string, logTail: string) => new Error(`it ${why}; log: ${logTail.trim()}`);
const node = (script: string): Launch => ({ command: [process.execPath, '-e', script], environment: {} });
const IDLE = 'setInterval(() => {}, 1000);';
const isRunning = async (pid: number) =>
  ((await readProcessTable('')) ?? []).some((process) => process.pid === pid);

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

describe('startProcess', () => {
  it('returns what the process printed once it is ready', async () => {
    const launch = node(`console.log('listening 12'); ${IDLE}`);
    const { group, shown } = await startProcess(
      launch,
      printsLine(/^listening (\d+)/),
      patient,
      failure,
      never,
    );
    expect(shown[1]).toBe('12');
    expect(group.alive).toBe(true);
    expect(await group.stop()).toEqual([]);
  });

  it('returns once a probe is answered with 2xx', async () => {
    const statuses = [503, 404, 204];
    server = createServer((_request, response) => {
      response.statusCode = statuses.shift() ?? 500;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready`;
    const { group } = await startProcess(
      node(IDLE),
      answers({ url, anyStatus: false }),
      patient,
      failure,
      never,
    );
    expect(statuses).toEqual([]);
    await group.stop();
  });

  it('fails with the end of its log when it ends instead', async () => {
    const launch = node(`console.error('no model here'); process.exitCode = 3;`);
    await expect(startProcess(launch, printsLine(/ready/), patient, failure, never)).rejects.toThrow(
      'it ended with exit code 3; log: no model here',
    );
  });

  it('fails when another program answers the probe of one that has ended', async () => {
    server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const launch: Launch = { command: ['/no/such/program'], environment: {} };
    await expect(
      startProcess(launch, answers({ url, anyStatus: true }), patient, failure, never),
    ).rejects.toThrow('it could not be started');
  });

  it('fails with what was seen last, and ends it, when it is not ready in time', async () => {
    const probe = { url: 'http://127.0.0.1:9/ready', anyStatus: false };
    const launch = node(`console.log('pid ' + process.pid); ${IDLE}`);
    let pid = 0;
    const readiness: Readiness<void> = async (group, timeoutMs, signal) => {
      const printed = await printsLine(/^pid (\d+)/)(group, patient.timeoutMs, signal);
      if (printed.ready) pid = Number(printed.value[1]);
      return await answers(probe)(group, timeoutMs, signal);
    };
    await expect(startProcess(launch, readiness, { timeoutMs: 100 }, failure, never)).rejects.toThrow(
      'it was not ready within 0.1 s: nothing answers at http://127.0.0.1:9/ready (ECONNREFUSED)',
    );
    expect(await isRunning(pid)).toBe(false);
  });

  it('throws the reason of the signal, and ends it', async () => {
    const abort = new AbortController();
    let pid = 0;
    const launch: Launch = {
      ...node(`console.log('pid ' + process.pid); ${IDLE}`),
      onOutput: (text) => {
        pid = Number(/^pid (\d+)/.exec(text)?.[1]);
        abort.abort(new Error('stop'));
      },
    };
    await expect(startProcess(launch, printsLine(/never/), patient, failure, abort.signal)).rejects.toThrow(
      'stop',
    );
    expect(await isRunning(pid)).toBe(false);
  });
});
