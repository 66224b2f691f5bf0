import { type BatchRecord, monotonicNowUs } from '@servelab/core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { manyScanJpeg } from '../../../../test/fixtures/many-scan-jpeg.js';
import { onePixelGif as gif } from '../../../../test/fixtures/one-pixel-gif.js';
import { createPolicy } from '../schedule/policies/index.js';
import { POLICY_OPTIONS } from '../schedule/policies/policy-options.fixture.js';
import type { Policy } from '../schedule/policy.js';
import { type Block, BodyArena } from '../shared-memory/body-arena.js';
import { ENGINE_OPTIONS, placed } from './engine.fixture.js';
import { createEngine } from './engine.js';
import type { EngineOptions, ImageJob, MeasuredEngine, Submission } from './inference-engine.js';

const TIMEOUT_US = 120_000_000;

const OPTIONS: EngineOptions = {
  ...ENGINE_OPTIONS,
  runtime: { kind: 'simulated', inputSize: 32, classCount: 1000, costMs: [1, 1.5], occupies: 'device' },
  workers: 1,
};

const ARENA_BYTES = 1024 * 1024;
function cancel(submission: Submission): void {
  if (submission.accepted) submission.cancel();
}

let nextRequest = 1;

const WAYS = (['shared-memory', 'ipc'] as const).flatMap((transport) =>
  [0, 2].map((decodeThreads) => ({ transport, decodeThreads })),
);

describe.each(WAYS)('with $transport, decoding on $decodeThreads threads', ({ transport, decodeThreads }) => {
  const arena = transport === 'ipc' ? null : BodyArena.create(ARENA_BYTES);
  afterAll(() => {
    // Whatever became of the images, nobody holds any of their memory any more.
    expect(arena?.take(ARENA_BYTES)).not.toBeNull();
    arena?.close();
  });
  /** What the HTTP side would give back once the answer is out. */
  const blocks: Block[] = [];
  afterEach(() => {
    for (const block of blocks.splice(0)) block.release();
  });

  function job(bytes: Uint8Array): ImageJob {
    const request = { requestId: `r${nextRequest++}`, deadlineUs: monotonicNowUs() + TIMEOUT_US };
    const file = placed(arena, bytes);
    if (file.block !== null) blocks.push(file.block);
    return { ...request, ...file };
  }

  interface Harness {
    engine: MeasuredEngine;
    records: BatchRecord[];
    losses: string[];
    /** The only worker, or the first one. */
    signal(signal: NodeJS.Signals): void;
  }

  const engines: MeasuredEngine[] = [];
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close(0)));
  });

  /** The engine that tests share which need no options of their own and leave it as it was. */
  let shared: Promise<Harness> | undefined;
  async function plainEngine(): Promise<Harness> {
    shared ??= startEngine({});
    const { records, losses } = await shared;
    records.length = 0;
    losses.length = 0;
    return shared;
  }

  async function startEngine(changes: Partial<EngineOptions>): Promise<Harness> {
    const records: BatchRecord[] = [];
    const losses: string[] = [];
    const observer = {
      batchDone: (record: BatchRecord) => records.push(record),
      workerLost: (_worker: number, cause: string) => losses.push(cause),
    };
    const engine = createEngine({ ...OPTIONS, arena, decodeThreads, observer, ...changes });
    engines.push(engine);
    await engine.start();
    const signal = (name: NodeJS.Signals) => process.kill(engine.workerPids()[0] ?? 0, name);
    return { engine, records, losses, signal };
  }

  const outcomesOf = (submission: Submission) =>
    submission.accepted ? submission.outcomes : Promise.reject(new Error(submission.code));
  const codesOf = async (submission: Submission) =>
    (await outcomesOf(submission)).map((outcome) => (outcome.ok ? 'ok' : outcome.code));

  describe('answers', () => {
    it('gives five classes, falling, and says where the time went', async () => {
      const { engine, records } = await plainEngine();
      const [outcome] = await outcomesOf(engine.submit([job(gif(200))]));
      if (outcome?.ok !== true) throw new Error(`rejected: ${outcome?.code}`);
      const confidences = outcome.top.map(({ confidence }) => confidence);
      expect(confidences).toHaveLength(5);
      expect(confidences).toEqual([...confidences].sort((one, other) => other - one));
      expect(outcome.timing).toMatchObject({ batchSize: 1, reason: 'a worker is free and 1 waits' });
      expect(outcome.timing.inferUs).toBeGreaterThanOrEqual(900);
      expect(outcome.timing.decodeUs).toBeGreaterThan(0);
      expect(records).toMatchObject([{ size: 1, worker: 0, rule: 'worker-free' }]);
    });

    it('are the same alone and in a batch, whatever is beside them', async () => {
      const { engine, records, signal } = await plainEngine();
      const files = [gif(10), gif(0, 200), gif(0, 0, 250)];
      const alone = [];
      for (const file of files) alone.push((await outcomesOf(engine.submit([job(file)])))[0]);
      signal('SIGSTOP'); // holds the first batch, so that the others wait for each other
      const first = engine.submit([job(gif(1))]);
      const rest = files.map((file) => engine.submit([job(file)]));
      signal('SIGCONT');
      await outcomesOf(first);
      const together = await Promise.all(rest.map(async (submission) => (await outcomesOf(submission))[0]));
      expect(records.at(-1)).toMatchObject({ size: 3, request_ids: expect.any(Array) });
      for (const [n, outcome] of together.entries()) {
        expect(outcome).toMatchObject({ ok: true, top: alone[n]?.ok ? alone[n].top : [] });
      }
      expect(new Set(together.map((outcome) => (outcome?.ok ? outcome.top[0]?.classId : null))).size).toBe(3);
    });

    it('a bad image fails alone, in its request and in its batch', async () => {
      const { engine, records } = await plainEngine();
      const files = [gif(1), Buffer.from('no image'), Buffer.from('%PDF-1.7'), gif(2)];
      const submission = engine.submit(files.map((file) => job(file)));
      expect(await codesOf(submission)).toEqual(['ok', 'invalid_image', 'unsupported_image_format', 'ok']);
      expect(records).toMatchObject([{ size: 4 }]);
    });

    it('splits a request that is larger than a batch', async () => {
      const { engine, records } = await plainEngine();
      const submission = engine.submit(Array.from({ length: 10 }, (_, n) => job(gif(n))));
      expect(await codesOf(submission)).toEqual(new Array(10).fill('ok'));
      expect(records.map(({ size }) => size)).toEqual([4, 4, 2]);
    });

    it('measures what each batch size costs before it serves', async () => {
      const { engine } = await plainEngine();
      expect(engine.batchCostsMs()).toHaveLength(4);
      for (const costMs of engine.batchCostsMs()) expect(costMs).toBeGreaterThanOrEqual(0.9);
    });
  });

  it('a policy that plans has its first plan before the first image', async () => {
    const { engine } = await startEngine({ policy: createPolicy('optimal', POLICY_OPTIONS) });
    expect(engine.policyState()).toMatchObject({ plan: { origin: 'smdp' }, planned_for: null });
  });

  describe('a worker that fails', () => {
    it('killed in mid-batch: the batch runs on its successor, and the next ones are served', async () => {
      const { engine, losses, signal } = await plainEngine();
      signal('SIGSTOP');
      const submissions = Array.from({ length: 6 }, (_, n) => engine.submit([job(gif(n))]));
      const [before] = engine.workerPids();
      signal('SIGKILL');
      for (const submission of submissions) expect(await codesOf(submission)).toEqual(['ok']);
      expect(losses).toEqual(['was ended by SIGKILL']);
      expect(engine.workerPids()).not.toContain(before);
      expect(await codesOf(engine.submit([job(gif(9))]))).toEqual(['ok']);
    });

    it('hanging: is ended after its time and replaced', async () => {
      const { engine, losses, signal } = await startEngine({ workerTimeoutMs: 1500 });
      signal('SIGSTOP');
      expect(await codesOf(engine.submit([job(gif(1)), job(gif(2))]))).toEqual(['ok', 'ok']);
      expect(losses).toEqual(['did not answer within 1500 ms']);
    });

    it('lost twice with the same image: that has failed, and the next ones are served', async () => {
      const greedy = createPolicy('greedy', POLICY_OPTIONS);
      let dies = false;
      const policy: Policy = {
        ...greedy,
        // The scheduler sends this just before it hands the worker its next batch.
        observe: ({ kind }) => {
          if (!dies || kind !== 'worker-ready') return;
          dies = false;
          signal('SIGKILL');
        },
      };
      const { engine, losses, signal } = await startEngine({ policy });
      signal('SIGSTOP');
      const failing = engine.submit([job(gif(1))]);
      dies = true;
      signal('SIGKILL');
      expect(await codesOf(failing)).toEqual(['inference_failed']);
      expect(losses).toEqual(['was ended by SIGKILL', 'was ended by SIGKILL']);
      expect(await codesOf(engine.submit([job(gif(2))]))).toEqual(['ok']);
    });

    it('over an image that takes too long to decode: that one fails, whatever is beside it is answered', async () => {
      const { engine, losses, records, signal } = await startEngine({
        decodeTimeoutMs: 50,
        maxImagePixels: 50_000_000,
      });
      const quick = manyScanJpeg(32, 32, 1);
      const slow = manyScanJpeg(7000, 7000, 50);
      signal('SIGSTOP'); // holds the first batch, so that the others wait for each other
      const first = engine.submit([job(quick)]);
      const before = engine.submit([job(quick)]);
      const { requestId } = job(quick);
      const mixed = engine.submit([slow, quick, slow].map((bytes) => ({ ...job(bytes), requestId })));
      const after = engine.submit([job(quick)]);
      signal('SIGCONT');
      for (const alone of [first, before, after]) expect(await codesOf(alone)).toEqual(['ok']);
      expect(await codesOf(mixed)).toEqual(['image_too_complex', 'ok', 'image_too_complex']);
      expect(losses).toEqual(Array(2).fill('took more than 50 ms to decode an image'));
      expect(records.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
      expect(engine.state()).toMatchObject({ queuedImages: 0 });
    });

    if (decodeThreads > 0) {
      it('over an image that is decoded ahead: that one fails, the batch that ran meanwhile runs again', async () => {
        const { engine, losses, records, signal } = await startEngine({
          runtime: { ...OPTIONS.runtime, costMs: [1, 2, 3, 2000] } as EngineOptions['runtime'],
          decodeTimeoutMs: 50,
          maxImagePixels: 50_000_000,
        });
        const quick = manyScanJpeg(32, 32, 1);
        signal('SIGSTOP'); // holds the first batch, so that the others wait for each other
        const first = engine.submit([job(quick)]);
        const batch = engine.submit(Array.from({ length: 4 }, () => job(quick)));
        const slow = engine.submit([job(manyScanJpeg(7000, 7000, 50))]);
        signal('SIGCONT');
        expect(await codesOf(slow)).toEqual(['image_too_complex']);
        expect(await codesOf(first)).toEqual(['ok']);
        expect(await codesOf(batch)).toEqual(Array(4).fill('ok'));
        expect(losses).toEqual(['took more than 50 ms to decode an image']);
        expect(records).toMatchObject([{ size: 1 }, { size: 4, rule: 'retry' }]);
      });
    }

    it('leaves the others to serve', async () => {
      const { engine, signal } = await startEngine({ workers: 2, workerTimeoutMs: 60_000 });
      signal('SIGSTOP');
      const stuck = engine.submit([job(gif(1))]);
      expect(await codesOf(engine.submit([job(gif(2))]))).toEqual(['ok']);
      signal('SIGCONT');
      expect(await codesOf(stuck)).toEqual(['ok']);
    });

    it('does not end at Ctrl-C, which a terminal sends to the whole group', async () => {
      const { engine, losses, signal } = await plainEngine();
      signal('SIGINT');
      signal('SIGTERM');
      expect(await codesOf(engine.submit([job(gif(1))]))).toEqual(['ok']);
      expect(losses).toEqual([]);
    });
  });

  describe('limits', () => {
    it('admits all of a request or none, and says when to come back', async () => {
      const { engine, signal } = await startEngine({ queueLimit: 3 });
      signal('SIGSTOP');
      const running = engine.submit([job(gif(0))]);
      const waiting = engine.submit([job(gif(1)), job(gif(2))]);
      const rejected = engine.submit([job(gif(3)), job(gif(4))]);
      expect(rejected).toEqual({ accepted: false, code: 'queue_full', retryAfterS: 1 });
      const fits = engine.submit([job(gif(5))]);
      expect(engine.state()).toEqual({
        queuedImages: 3,
        readyWorkers: 1,
        workers: 1,
        transport: arena === null ? 'ipc' : 'shared-memory',
        device: null,
      });
      signal('SIGCONT');
      for (const submission of [running, waiting, fits]) {
        expect(new Set(await codesOf(submission))).toEqual(new Set(['ok']));
      }
    });

    it('never runs what was cancelled while it waited', async () => {
      const { engine, records, signal } = await plainEngine();
      signal('SIGSTOP');
      const running = engine.submit([job(gif(0))]);
      const abandoned = engine.submit([job(gif(1)), job(gif(2))]);
      const kept = engine.submit([job(gif(3))]);
      cancel(abandoned);
      expect(await codesOf(abandoned)).toEqual(['client_closed_request', 'client_closed_request']);
      signal('SIGCONT');
      expect([await codesOf(running), await codesOf(kept)]).toEqual([['ok'], ['ok']]);
      expect(records.map(({ size }) => size)).toEqual([1, 1]);
    });

    it('rejects an image at its deadline, whether it waits or runs, and runs none late', async () => {
      const { engine, records, signal } = await plainEngine();
      signal('SIGSTOP');
      const soon = { deadlineUs: monotonicNowUs() + 100_000 };
      const running = engine.submit([{ ...job(gif(0)), ...soon }]);
      const waiting = engine.submit([{ ...job(gif(1)), ...soon }, job(gif(2))]);
      expect(await codesOf(running)).toEqual(['deadline_exceeded']);
      signal('SIGCONT');
      expect(await codesOf(waiting)).toEqual(['deadline_exceeded', 'ok']);
      expect(records.map(({ size }) => size)).toEqual([1, 1]);
    });

    it('is not ready before it was started', () => {
      const engine = createEngine(OPTIONS);
      expect(engine.submit([job(gif(0))])).toMatchObject({ accepted: false, code: 'not_ready' });
    });

    it('says what is wrong when the model cannot be opened', async () => {
      const runtime = {
        kind: 'onnx',
        graphPath: '/nowhere/model.onnx',
        graphSha256: '',
        inputSize: 224,
        classCount: 1000,
        intraOpThreads: 1,
      } as const;
      await expect(startEngine({ runtime })).rejects.toMatchObject({
        name: 'UserError',
        exitCode: 3,
        message: expect.stringContaining('/nowhere/model.onnx'),
      });
    });
  });

  describe('close', () => {
    it('finishes what is queued, and takes nothing new', async () => {
      const { engine, signal } = await startEngine({});
      signal('SIGSTOP');
      const submissions = Array.from({ length: 6 }, (_, n) => engine.submit([job(gif(n))]));
      const closed = engine.close(TIMEOUT_US / 1000);
      expect(engine.submit([job(gif(7))])).toMatchObject({ accepted: false, code: 'draining' });
      signal('SIGCONT');
      for (const submission of submissions) expect(await codesOf(submission)).toEqual(['ok']);
      await closed;
      expect(engine.workerPids()).toEqual([]);
    });

    it('fails what is still there after the drain time-out', async () => {
      const { engine, signal } = await startEngine({});
      signal('SIGSTOP');
      const submission = engine.submit([job(gif(1)), job(gif(2))]);
      await engine.close(50);
      expect(await codesOf(submission)).toEqual(['draining', 'draining']);
    });
  });

  it('says how images come to the workers', async () => {
    const { engine } = await plainEngine();
    expect(engine.state().transport).toBe(process.platform === 'linux' ? transport : 'ipc');
  });
});
