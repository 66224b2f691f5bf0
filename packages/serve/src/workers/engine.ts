import { monotonicNowUs, msToUs, type NowUs, US_PER_MS } from '@servelab/core';
import { type Effects, Scheduler, type StartedBatch } from '../schedule/scheduler.js';
import type { SchedulerEvent, WaitingImage } from '../schedule/scheduler-event.js';
import { BackgroundRunner } from './background-runner.js';
import { lossOfBatch, outcomesOf, type RunningBatch, type RunningImage, recordOf } from './batch-outcome.js';
import type {
  EngineOptions,
  EngineState,
  ImageJob,
  ImageOutcome,
  MeasuredEngine,
  PolicyState,
  Submission,
} from './inference-engine.js';
import type { ProcessLoss } from './place.js';
import type { DoneMessage } from './protocol.js';
import type { StartedAhead } from './started-ahead.js';
import { WorkerPool } from './worker-pool.js';

/** One image between admission and outcome. */
interface PendingImage extends RunningImage {
  readonly submission: PendingSubmission;
  /** Its index in the submission. */
  readonly at: number;
}

/** Images that were submitted together, until the last of them has its outcome. */
interface PendingSubmission {
  readonly outcomes: ImageOutcome[];
  missing: number;
  readonly resolve: (outcomes: ImageOutcome[]) => void;
}

/** The scheduler decides; this carries messages between it, the clock, one timer, and the worker processes. */
export function createEngine(options: EngineOptions, started?: StartedAhead): MeasuredEngine {
  return new ProcessEngine(options, started, monotonicNowUs);
}

class ProcessEngine implements MeasuredEngine {
  readonly #options: EngineOptions;
  readonly #nowUs: NowUs;
  readonly #pool: WorkerPool;
  readonly #scheduler: Scheduler;
  readonly #pending = new Map<number, PendingImage>();
  readonly #running = new Map<number, RunningBatch>();
  readonly #background: BackgroundRunner;
  /** Only with one worker: with several it is unknown which one runs the next batch. */
  readonly #decodesAhead: boolean;
  /** Images that the worker has been given to decode ahead. */
  #given = new Set<number>();
  #phase: 'starting' | 'serving' | 'closing' = 'starting';
  #nextId = 1;
  #timer: NodeJS.Timeout | undefined;
  #timerUs = Number.POSITIVE_INFINITY;
  #closed: Promise<void> | undefined;
  #onDrained: (() => void) | undefined;

  constructor(options: EngineOptions, started: StartedAhead | undefined, nowUs: NowUs) {
    const { runtime, devices = ['cpu'], maxBatchSize, workerTimeoutMs } = options;
    const { maxImagePixels, maxImageSide, decodeTimeoutMs, exactDecode, decodeThreads } = options;
    const decoding = { maxImagePixels, maxImageSide, decodeTimeoutMs, exactDecode, decodeThreads };
    this.#options = options;
    this.#nowUs = nowUs;
    this.#decodesAhead = decodeThreads > 0 && options.workers <= 1;
    this.#background = started?.background ?? new BackgroundRunner(options.policy.backgroundTask);
    this.#scheduler = new Scheduler({
      policy: options.policy,
      maxBatchSize,
      queueLimit: options.queueLimit,
      maxWaitUs: msToUs(options.maxWaitMs),
      policyFailed: (failure) => options.observer?.policyFailed?.(failure),
    });
    this.#pool = new WorkerPool(
      options.workers,
      {
        setup: { runtime, devices, maxBatchSize, ...decoding },
        arena: options.arena ?? null,
        timeoutMs: workerTimeoutMs,
      },
      {
        ready: (worker, device) => {
          if (device !== null) options.observer?.deviceOpened?.(device);
          this.#dispatch({ kind: 'worker-ready', worker, atUs: this.#nowUs() });
        },
        done: (worker, answer) => this.#finish(worker, answer),
        lost: (worker, loss) => this.#lose(worker, loss),
      },
      started?.processes,
    );
  }

  async start(): Promise<void> {
    // Before the workers measure their batches, which it would disturb on one core.
    await this.#background.warmUp();
    if (this.#phase === 'closing') throw new Error('the engine was closed while it started');
    await this.#pool.start();
    this.#dispatch({ kind: 'costs', costsUs: this.#pool.costsMs.map(msToUs), atUs: this.#nowUs() });
    // The costs may start the policy's background task: the first image finds its result in force.
    await this.#background.idle();
    if (this.#phase === 'starting') this.#phase = 'serving';
  }

  submit(jobs: readonly ImageJob[]): Submission {
    if (this.#phase === 'starting') return { accepted: false, code: 'not_ready', retryAfterS: 1 };
    if (this.#phase === 'closing') return { accepted: false, code: 'draining', retryAfterS: 1 };
    const arrivedUs = this.#nowUs();
    const images = jobs.map(({ deadlineUs }) => ({ id: this.#nextId++, arrivedUs, deadlineUs }));
    const effects = this.#handle({ kind: 'arrival', images, atUs: arrivedUs });
    if (effects === null) {
      const retryAfterS = this.#scheduler.drainS(this.#pool.readyWorkers);
      return { accepted: false, code: 'queue_full', retryAfterS };
    }
    const outcomes = this.#register(images, jobs);
    this.#carryOut(effects);
    return { accepted: true, outcomes, cancel: () => this.#cancel(images) };
  }

  state(): EngineState {
    return {
      queuedImages: this.#scheduler.queuedImages,
      readyWorkers: this.#pool.readyWorkers,
      workers: this.#pool.size,
      transport: this.#transport(),
      device: this.#pool.devices.join() || null,
    };
  }

  #transport(): EngineState['transport'] {
    if (this.#options.workers === 0) return 'in-process';
    return this.#options.arena == null ? 'ipc' : 'shared-memory';
  }

  batchCostsMs(): readonly number[] {
    return this.#pool.costsMs;
  }

  policyState(): PolicyState {
    const { policy } = this.#scheduler;
    return { policy: policy.name, ...policy.explain?.(this.#nowUs()) };
  }

  workerPids(): readonly number[] {
    return this.#pool.pids();
  }

  close(drainTimeoutMs: number): Promise<void> {
    this.#closed ??= this.#close(drainTimeoutMs);
    return this.#closed;
  }

  async #close(drainTimeoutMs: number): Promise<void> {
    this.#phase = 'closing';
    if (this.#pending.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, drainTimeoutMs);
        this.#onDrained = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const id of [...this.#pending.keys()]) this.#resolve(id, { ok: false, code: 'draining' });
    clearTimeout(this.#timer);
    await this.#background.close();
    await this.#pool.close();
    for (const running of this.#running.values()) letGo(running);
    this.#running.clear();
    // A tick may have been scheduled while the workers ended.
    clearTimeout(this.#timer);
  }

  #register(images: readonly WaitingImage[], jobs: readonly ImageJob[]): Promise<ImageOutcome[]> {
    return new Promise((resolve) => {
      if (jobs.length === 0) resolve([]);
      const submission = { outcomes: new Array<ImageOutcome>(jobs.length), missing: jobs.length, resolve };
      for (const [at, { id, arrivedUs }] of images.entries()) {
        this.#pending.set(id, { id, job: jobs[at] as ImageJob, arrivedUs, at, submission });
      }
    });
  }

  #resolve(id: number, outcome: ImageOutcome): void {
    const image = this.#pending.get(id);
    if (image === undefined) return;
    this.#pending.delete(id);
    const { submission, at } = image;
    submission.outcomes[at] = outcome;
    submission.missing--;
    if (submission.missing === 0) submission.resolve(submission.outcomes);
    if (this.#pending.size === 0) this.#onDrained?.();
  }

  /** These outcomes are no longer read; they are resolved all the same, or `outcomes` would never resolve. */
  #cancel(images: readonly WaitingImage[]): void {
    const ids = images.map(({ id }) => id).filter((id) => this.#pending.has(id));
    if (ids.length === 0) return;
    const effects = this.#handle({ kind: 'cancelled', ids, atUs: this.#nowUs() });
    for (const id of ids) this.#resolve(id, { ok: false, code: 'client_closed_request' });
    if (effects !== null) this.#carryOut(effects);
  }

  /** Every event of the scheduler passes here, where it can be recorded. */
  #handle(event: SchedulerEvent): Effects | null {
    this.#options.observer?.schedulerEvent?.(event);
    return this.#scheduler.handle(event);
  }

  #dispatch(event: SchedulerEvent): void {
    const effects = this.#handle(event);
    if (effects !== null) this.#carryOut(effects);
  }

  #carryOut({ started, rejected, wakeAtUs }: Effects): void {
    for (const batch of started) this.#start(batch);
    for (const { id, code } of rejected) this.#resolve(id, { ok: false, code });
    this.#wakeAt(wakeAtUs);
    this.#runBackgroundTask();
  }

  /** One input at a time; the next one is made of what is known by then. */
  #runBackgroundTask(): void {
    if (!this.#background.isFree || this.#closed !== undefined) return;
    const input = this.#scheduler.nextTaskInput(this.#nowUs());
    if (input === undefined) return;
    this.#background.run(input, {
      done: (result) => this.#dispatch({ kind: 'task-done', result, atUs: this.#nowUs() }),
      failed: (failure) => this.#options.observer?.backgroundTaskFailed?.(failure),
    });
  }

  #start(batch: StartedBatch): void {
    const images = batch.ids.flatMap((id) => this.#pending.get(id) ?? []);
    const ahead = this.#upcoming();
    this.#running.set(batch.worker, { batch, startedUs: this.#nowUs(), images, ahead });
    for (const { job } of [...images, ...ahead]) job.block?.retain();
    const fileOf = ({ id, job }: RunningImage) => ({
      image: id,
      bytes: this.#given.has(id) ? null : job.bytes,
    });
    this.#pool.run(batch.worker, { batch: batch.id, images: images.map(fileOf), ahead: ahead.map(fileOf) });
    if (this.#decodesAhead) this.#given = new Set(ahead.map(({ id }) => id));
  }

  /** What the next batch is likely to be made of. */
  #upcoming(): PendingImage[] {
    if (!this.#decodesAhead) return [];
    const { maxBatchSize } = this.#options;
    return this.#scheduler.upcoming(maxBatchSize).flatMap((id) => this.#pending.get(id) ?? []);
  }

  #finish(worker: number, answer: DoneMessage): void {
    const running = this.#running.get(worker);
    if (running === undefined || running.batch.id !== answer.batch) return;
    const doneUs = this.#nowUs();
    this.#running.delete(worker);
    letGo(running);
    // The worker's next batch first: the worker should not wait for the outcomes to be delivered.
    const { inferUs, decodeUs } = answer;
    const size = running.batch.ids.length;
    this.#dispatch({ kind: 'batch-done', worker, size, inferUs, decodeUs, atUs: doneUs });
    for (const { id, outcome } of outcomesOf(running, answer)) this.#resolve(id, outcome);
    this.#options.observer?.batchDone(recordOf(running, answer));
  }

  #lose(worker: number, loss: ProcessLoss): void {
    const running = this.#running.get(worker);
    this.#running.delete(worker);
    if (running !== undefined) letGo(running);
    this.#given.clear();
    this.#options.observer?.workerLost(worker, loss.cause, loss.kind);
    const lost = lossOfBatch(loss, this.#pending);
    this.#dispatch({ kind: 'worker-lost', worker, loss: lost, atUs: this.#nowUs() });
  }

  /** One timer. An early tick is harmless, so the timer is set again only for an earlier moment. */
  #wakeAt(wakeAtUs: number | undefined): void {
    if (wakeAtUs === undefined || wakeAtUs >= this.#timerUs) return;
    clearTimeout(this.#timer);
    this.#timerUs = wakeAtUs;
    const delayMs = Math.max(0, Math.ceil((wakeAtUs - this.#nowUs()) / US_PER_MS));
    this.#timer = setTimeout(() => {
      this.#timerUs = Number.POSITIVE_INFINITY;
      this.#dispatch({ kind: 'tick', atUs: this.#nowUs() });
    }, delayMs);
  }
}

/** No worker reads these images any more: a worker copies what it decodes ahead. */
function letGo({ images, ahead }: RunningBatch): void {
  for (const { job } of images) job.block?.release();
  for (const { job } of ahead) job.block?.release();
}
