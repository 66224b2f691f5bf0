import { environmentError } from '@servelab/core';
import type { Device, DeviceUse } from '../runtime/devices.js';
import { InProcessPlace } from './in-process-place.js';
import type { Place, PlaceEvents, ProcessLoss } from './place.js';
import type { BatchOrder, DoneMessage, WorkerFailure } from './protocol.js';
import { type PlaceOptions, WorkerPlace } from './worker-place.js';
import type { WorkerProcess } from './worker-process.js';

/** A pool that has never been ready gives up when so many workers were lost in a row on one place. */
const START_ATTEMPTS = 3;

export interface WorkerPoolEvents {
  /** Also for every successor of a lost worker. */
  ready(worker: number, device: DeviceUse | null): void;
  done(worker: number, answer: DoneMessage): void;
  lost(worker: number, loss: ProcessLoss): void;
}

/** Keeps a number of workers alive, numbered from 0. */
export class WorkerPool {
  readonly #places: readonly Place[];
  /** What runs the model, by worker: as it is, or as it last was. */
  readonly #devices: Device[] = [];
  #costsMs: readonly number[] = [];
  #settleStart: { resolve(): void; reject(error: Error): void } | undefined;

  /**
   * @param workers processes; 0 for one worker in this process
   * @param started processes that were started ahead
   */
  constructor(
    workers: number,
    options: PlaceOptions,
    events: WorkerPoolEvents,
    started: readonly WorkerProcess[] = [],
  ) {
    const placeFor = (worker: number, placeEvents: PlaceEvents): Place =>
      workers === 0
        ? new InProcessPlace(options.setup, placeEvents)
        : new WorkerPlace({ ...options, started: started[worker] }, placeEvents);
    this.#places = Array.from({ length: Math.max(1, workers) }, (_, worker) =>
      placeFor(worker, {
        ready: (costsMs, device) => {
          if (costsMs.length > 0) this.#costsMs = costsMs;
          if (device !== null) this.#devices[worker] = device.device;
          events.ready(worker, device);
          if (this.readyWorkers === this.#places.length) this.#settleStart?.resolve();
        },
        done: (answer) => events.done(worker, answer),
        lost: (loss, failures) => {
          if (failures === START_ATTEMPTS) this.#settleStart?.reject(startError(loss.cause));
          events.lost(worker, loss);
        },
        openFailed: (error) => this.#settleStart?.reject(openError(error)),
      }),
    );
  }

  /** Inference of n images at index n - 1, as the first worker measured it before it was ready. */
  get costsMs(): readonly number[] {
    return this.#costsMs;
  }

  /** What runs the model, each once. */
  get devices(): Device[] {
    return [...new Set(Object.values(this.#devices))];
  }

  /** Places for workers. */
  get size(): number {
    return this.#places.length;
  }

  get readyWorkers(): number {
    return this.#places.filter(({ isReady }) => isReady).length;
  }

  pids(): number[] {
    return this.#places.flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Resolves once every worker is ready for the first time.
   *
   * @throws UserError (exit code 3) if the runtime cannot be opened or the workers do not live
   */
  async start(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settleStart = { resolve, reject };
        for (const [worker, place] of this.#places.entries()) place.start(worker === 0);
      });
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      this.#settleStart = undefined;
    }
  }

  /** @param worker that is ready and has answered its last batch */
  run(worker: number, order: BatchOrder): void {
    this.#places[worker]?.run(order);
  }

  /** Ends every worker at once, whatever it does, and a start that is under way. */
  async close(): Promise<void> {
    this.#settleStart?.reject(new Error('the workers were ended while they started'));
    await Promise.all(this.#places.map((place) => place.close()));
  }
}

function openError({ message, fix }: WorkerFailure): Error {
  return environmentError(
    `the model cannot be opened: ${message}`,
    fix ?? 'Run "servelab doctor", and "servelab model verify".',
  );
}

function startError(cause: string): Error {
  return environmentError(
    `a worker process ${cause} before it was ready, ${START_ATTEMPTS} times`,
    'Run "servelab doctor"; where memory is short, start fewer workers with --workers.',
  );
}
