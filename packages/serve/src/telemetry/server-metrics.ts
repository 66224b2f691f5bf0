import { type BatchRecord, type ErrorCode, MS_PER_S, US_PER_S } from '@servelab/core';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { WorkerLoss } from '../schedule/scheduler-event.js';
import type { EngineState, ImageTiming } from '../workers/inference-engine.js';
import { PlainCounter } from './plain-counter.js';
import { PlainHistogram } from './plain-histogram.js';

/** Seconds, from a tenth of a millisecond to half a minute. */
const DURATION_BUCKETS_S = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];
const LOSSES = ['ended', 'timed-out', 'decode-timed-out'] as const satisfies WorkerLoss['kind'][];
const SIZE_BUCKETS = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 64, 128, 256];

/**
 * What `/metrics` shows. One registry a server, so that several live in one process (tests do).
 * Names follow Prometheus: seconds, `_total` for counters.
 */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #decode = this.#duration('decode', 'Decoding of one image by a worker');
  readonly #queue = this.#duration('queue', 'Wait of one image for its batch to start');
  readonly #inference = this.#duration('inference', 'Model run of one batch');
  readonly #request = this.#duration('request', 'One /predict request, from its headers to its response');
  readonly #batchSize = new PlainHistogram({
    name: 'servelab_batch_size',
    help: 'Images in a batch',
    buckets: SIZE_BUCKETS,
    registers: [this.#registry],
  });
  readonly #batches = this.#countBy<string>(
    'rule',
    'servelab_batches_total',
    'Batches by the rule that fired',
  );
  readonly #requests = this.#countBy<number>(
    'status',
    'servelab_requests_total',
    '/predict requests by status',
  );
  readonly #images = this.#counter('servelab_images_total', 'Images answered with a prediction', []);
  readonly #requestErrors = this.#counter(
    'servelab_request_errors_total',
    'Requests that were answered with an error, by code',
    ['code'],
  );
  readonly #imageErrors = this.#counter(
    'servelab_image_errors_total',
    'Images that got an error of their own in the response to several, by code',
    ['code'],
  );
  readonly #clientDisconnects = this.#counter(
    'servelab_client_disconnects_total',
    'Requests whose client disconnected before the response',
    [],
  );
  readonly #workerRestarts = this.#counter(
    'servelab_worker_restarts_total',
    'Workers lost and replaced, by what became of them',
    ['reason'],
  );
  readonly #policyFailures = this.#counter(
    'servelab_policy_failures_total',
    'Policies that threw an error or returned an invalid decision, and were replaced by greedy',
    [],
  );

  constructor(engineState: () => EngineState) {
    collectDefaultMetrics({ register: this.#registry });
    // Rates want a series from the start, not from the first loss on.
    for (const reason of LOSSES) this.#workerRestarts.inc({ reason }, 0);
    this.#gauge('servelab_queue_images', 'Images that wait', () => engineState().queuedImages);
    this.#gauge('servelab_workers_ready', 'Workers that can serve', () => engineState().readyWorkers);
  }

  imageAnswered(timing: ImageTiming): void {
    this.#images.inc();
    this.#decode.observe(timing.decodeUs / US_PER_S);
    this.#queue.observe(timing.queueUs / US_PER_S);
  }

  requestAnswered(status: number, totalUs: number): void {
    this.#requests.inc(status);
    this.#request.observe(totalUs / US_PER_S);
  }

  requestFailed(code: ErrorCode): void {
    if (code === 'client_closed_request') this.#clientDisconnects.inc();
    else this.#requestErrors.inc({ code });
  }

  /** One of several images: its request is answered all the same. */
  imageFailed(code: ErrorCode): void {
    this.#imageErrors.inc({ code });
  }

  batchDone(record: BatchRecord): void {
    this.#batchSize.observe(record.size);
    this.#inference.observe(record.infer_ms / MS_PER_S);
    this.#batches.inc(record.rule);
  }

  workerLost(reason: WorkerLoss['kind']): void {
    this.#workerRestarts.inc({ reason });
  }

  policyFailed(): void {
    this.#policyFailures.inc();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text exposition format. */
  async render(): Promise<string> {
    return await this.#registry.metrics();
  }

  #duration(of: string, help: string): PlainHistogram {
    return new PlainHistogram({
      name: `servelab_${of}_duration_seconds`,
      help,
      buckets: DURATION_BUCKETS_S,
      registers: [this.#registry],
    });
  }

  #countBy<V extends string | number>(label: string, name: string, help: string): PlainCounter<V> {
    return new PlainCounter({ name, help, label, registers: [this.#registry] });
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
