import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { visibleText } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../record/record-reader.js';
import type { LoadPlan } from './load-plan.js';
import { runDriver } from './run-driver.js';

const S = 1e6;
const OK = 'HTTP/1.1 200 OK\r\n';
const ANSWER = `${OK}content-length: 2\r\n\r\n{}`;
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const PIECE = 'x'.repeat(16_384);

let folder: string;
let server: Server;
/** Connections that are open now, and the most that ever were. */
let open: Set<Socket>;
let mostOpen: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-hostile-'));
  await writeFile(join(folder, 'a.jpg'), 'x');
  open = new Set();
  mostOpen = 0;
});
afterEach(async () => {
  for (const socket of open) socket.destroy();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** @param answer called for each request; they are small, and come in one piece. `served`: on this connection before it */
async function serve(answer: (socket: Socket, served: number) => void): Promise<string> {
  server = createServer({ noDelay: true }, (socket) => {
    let served = 0;
    open.add(socket);
    mostOpen = Math.max(mostOpen, open.size);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    socket.on('data', () => answer(socket, served++));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`;
}

/** Sends this again and again, as fast as it is taken. */
function pour(socket: Socket, text: string, onSent: (bytes: number) => void = () => {}): void {
  const more = () => {
    let room = true;
    while (socket.writable && room) {
      room = socket.write(text);
      onSent(text.length);
    }
  };
  socket.on('drain', more);
  more();
}

const plan = (url: string, change: Partial<LoadPlan> = {}): LoadPlan => ({
  url,
  adapter: { body: 'raw' },
  images: [{ path: join(folder, 'a.jpg'), expectedClass: null }],
  load: { mode: 'closed', concurrency: 4 },
  warmupUs: 0,
  durationUs: 0.6 * S,
  timeoutUs: 0.5 * S,
  graceUs: 0.2 * S,
  seed: 1,
  checkShare: 1,
  answerCheck: { path: '$', value: null },
  recordsPath: join(folder, 'records.ndjson'),
  ...change,
});

/** The driver is the one child of this process that runs node. */
function driverPid(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean);
  const pid = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('driver-main'),
  );
  return Number(pid);
}

describe('a driver whose server', () => {
  it('sends a head full of blanks reads it at once', async () => {
    // No line ends behind them, so that a pattern has to try every way to share them out.
    const head = `${OK}connection:${' '.repeat(60_000)}\rx\r\ncontent-length: 2\r\n\r\n{}`;
    const url = await serve((socket) => void socket.write(head));
    const { counts } = await runDriver(plan(url));
    expect(counts.ok).toBeGreaterThan(0);
    expect(counts.failed).toBe(0);
  });

  it.each([
    ['a head', `${OK}x: `, PIECE, /over 64 kB/],
    ['interim answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(500), /over 64 kB/],
    ['a chunk extension', `${CHUNKED}1;`, PIECE, /over 4 kB/],
    ['trailers', `${CHUNKED}0\r\n`, 'a: b\r\n'.repeat(1000), /over 64 kB/],
    ['a second answer', `${ANSWER}`, ANSWER, /^$/],
  ])('sends %s without end gives it up', async (_what, beginning, text, reason) => {
    const url = await serve((socket) => {
      socket.write(beginning);
      pour(socket, text);
    });
    const { counts, errors } = await runDriver(plan(url));
    expect(counts.scheduled).toBeGreaterThan(0);
    expect(errors.map(({ message }) => message).join()).toMatch(reason);
    expect(open.size).toBeLessThanOrEqual(4);
    expect(mostOpen).toBeLessThanOrEqual(8);
  });

  it.each([
    ['a chunked body', CHUNKED, `4000\r\n${PIECE}\r\n`, 1200],
    ['one in chunks of one byte', CHUNKED, '1\r\nx\r\n'.repeat(2000), 30],
    ['an absurd length', `${OK}content-length: 999999999999999\r\n\r\n`, PIECE, 1200],
    ['a body without a length', `${OK}\r\n`, PIECE, 1200],
    ['a body of an error', `HTTP/1.1 500 No\r\n\r\n`, PIECE, 1200],
  ])(
    'sends %s without end keeps a bounded part of it',
    async (_what, head, text, megabytes) => {
      const abort = new AbortController();
      let left = megabytes * 1e6;
      const onSent = (bytes: number) => {
        left -= bytes;
        if (left < 0) abort.abort();
      };
      const url = await serve((socket) => {
        socket.write(head);
        pour(socket, text, onSent);
      });
      const linux = process.platform === 'linux';
      let peakMb = 0;
      // However fast this machine is, it goes on until so much has been sent.
      const long = { durationUs: 100 * S, timeoutUs: 100 * S };
      const { counts } = await runDriver(plan(url, long), {
        signal: abort.signal,
        onProgress: () => {
          const status = linux ? readFileSync(`/proc/${driverPid()}/status`, 'utf8') : '';
          peakMb = Math.max(peakMb, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
        },
      });
      expect(left).toBeLessThan(0);
      expect(counts).toMatchObject({ scheduled: 4, ok: 0 });
      // The process itself has some 80 MB; kept whole, each of these takes more than a gigabyte.
      expect(peakMb).toBeLessThan(400);
    },
    100_000,
  );

  it('shows what the server has sent without obeying it', async () => {
    const hostile = '\u001b[2J\u009b31m\u202e\u0007';
    const heads = [
      `HTTP/1.1 302 Found\r\nlocation: http://me:secret@host/${hostile}?token=1\r\ncontent-length: 0\r\n\r\n`,
      `HTTP/1.1 500 No\r\ncontent-length: 5\r\n\r\n${'\u001b'.repeat(5)}`,
      `${OK}transfer-encoding: ${hostile}\r\n\r\n`,
      `${OK}content-length: ${hostile}\r\n\r\n`,
      `${CHUNKED}${hostile}\r\n`,
    ];
    let next = 0;
    const url = await serve((socket) => void socket.write(heads[next++ % heads.length] ?? '', 'latin1'));
    const { errors } = await runDriver(plan(url));
    const records = readFileSync(join(folder, 'records.ndjson'), 'utf8');
    expect(errors.length).toBeGreaterThan(3);
    const text = records + errors.map(({ message }) => message).join();
    expect(visibleText(text)).toBe(text);
    expect(records).toContain('HTTP 302 to http://***@host/\\\\u001b[2J');
    expect(records).not.toMatch(/secret|token/);
  });
});

describe('a server that ends each connection after some requests', () => {
  // net-http-persistent#42: the next request meets the end of the connection that it is written to.
  it.each([
    ['without a word', 3, ''],
    ['after one', 1, ''],
    ['and says so', 3, 'connection: close\r\n'],
    ['and says so among other words', 3, 'Connection: Close, foo\r\n'],
  ])('%s is reconnected to at once, and what was sent twice is marked', async (_how, most, last) => {
    const url = await serve((socket, served) => {
      const isLast = served + 1 >= most;
      const answer = `${OK}${isLast ? last : ''}content-length: 2\r\n\r\n{}`;
      if (isLast) socket.end(answer);
      else socket.write(answer);
    });
    const { counts, warmup, connectionsOpened } = await runDriver(
      plan(url, { timeoutUs: 5 * S, graceUs: 5 * S }),
    );
    const records = await readRecords(join(folder, 'records.ndjson'));
    expect(counts.ok).toBe(counts.scheduled);
    // None has failed, after which a user pauses.
    expect(counts.ok).toBeGreaterThan(4 * most);
    expect(connectionsOpened).toBeGreaterThanOrEqual(Math.floor(counts.ok / most));
    if (last !== '') expect(records.some(({ repeated }) => repeated === true)).toBe(false);
    expect(records.length).toBe(counts.scheduled + warmup.scheduled);
    for (const { fired, connecting, acquired, sent, first_byte, done } of records) {
      const moments = [fired, connecting ?? fired, acquired, sent, first_byte, done];
      expect(moments).toEqual([...moments].sort((a, b) => (a ?? 0) - (b ?? 0)));
    }
  });

  it('as it works on a request has lost it', async () => {
    const url = await serve((socket, served) => {
      if (served === 0) socket.write(ANSWER);
      else socket.write('HTTP/1.1 200 OK\r\n', () => socket.resetAndDestroy());
    });
    const { counts } = await runDriver(plan(url, { timeoutUs: 5 * S }));
    expect(counts.ok).toBeGreaterThan(0);
    expect(counts.failed).toBeGreaterThan(0);
    const records = await readRecords(join(folder, 'records.ndjson'));
    expect(records.some(({ repeated }) => repeated === true)).toBe(false);
  });

  it('leaves no request waiting where only one connection may be open', async () => {
    const url = await serve(
      (socket) => void socket.end(`${OK}connection: close\r\ncontent-length: 2\r\n\r\n{}`),
    );
    const load = { mode: 'open', rate_rps: 100, arrivals: 'constant' } as const;
    const connections = { ahead: 1, max: 1 };
    const { counts } = await runDriver(plan(url, { load, connections, timeoutUs: 20 * S, graceUs: 20 * S }));
    expect(counts).toMatchObject({ scheduled: 60, ok: 60 });
    expect(mostOpen).toBeLessThanOrEqual(2);
  });
});

// resource-timing#345: an early hint is not the answer.
it('takes the first byte of the answer itself, not of an interim one', async () => {
  const url = await serve((socket) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
    setTimeout(() => socket.write(ANSWER), 100);
  });
  const { counts } = await runDriver(plan(url, { timeoutUs: 5 * S, graceUs: 5 * S }));
  expect(counts.ok).toBe(counts.scheduled);
  for (const { sent, first_byte } of await readRecords(join(folder, 'records.ndjson'))) {
    expect((first_byte ?? 0) - (sent ?? 0)).toBeGreaterThan(90_000);
  }
});

it('a driver that overstays its plan is ended', async ({ skip }) => {
  skip(process.platform !== 'linux', 'the driver is found in /proc, which only Linux has');
  const url = await serve((socket) => void socket.write(ANSWER));
  let pid = 0;
  const outcome = runDriver(plan(url), {
    overstayMs: 500,
    onPhase: (phase) => {
      if (phase !== 'measured') return;
      pid = driverPid();
      process.kill(pid, 'SIGSTOP');
    },
  });
  await expect(outcome).rejects.toThrow('the load driver did not come to an end (measured), and was ended');
  expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
});
