import { type NowUs, usToMs } from '@servelab/core';
import type { ModelRuntime } from '../runtime/model-runtime.js';
import type { DecodeStage } from './decode-stage/decode-stage.js';
import type { BatchOrder, DoneMessage, WorkerResult } from './protocol.js';
import { topClasses } from './top-classes.js';

/** Rounds in which every batch size is timed; none is begun when all together took so long. */
const COST_ROUNDS = 5;
const COST_BUDGET_US = 1_000_000;
/** A size is run so often in a row, and until so many images have run: only then are caches its own. */
const RUNS_IN_A_ROW = 2;
const IMAGES_IN_A_ROW = 5;

export type BatchAnswer = Pick<DoneMessage, 'results' | 'decodeUs' | 'inferUs'>;

/** What a worker does: files in, classes out. */
export class BatchRunner {
  readonly #runtime: ModelRuntime;
  readonly #stage: DecodeStage;
  readonly #nowUs: NowUs;
  readonly #topK: number;
  readonly #imageBytes: number;

  /** @param topK classes answered: five by the contract, another number where a model of one's own says so */
  constructor(runtime: ModelRuntime, stage: DecodeStage, nowUs: NowUs, topK = 5) {
    this.#runtime = runtime;
    this.#stage = stage;
    this.#nowUs = nowUs;
    this.#topK = topK;
    this.#imageBytes = runtime.inputSize ** 2 * 3;
  }

  /** A file that cannot be decoded fails alone: the images that can be move together and run as one batch. */
  async run({ images, ahead }: Omit<BatchOrder, 'batch'>): Promise<BatchAnswer> {
    const { images: decoded, decodeUs } = await this.#stage.decode(images, ahead);
    const count = decoded.reduce((sum, { ok }) => sum + Number(ok), 0);
    const startUs = this.#nowUs();
    const probabilities = count === 0 ? new Float32Array(0) : await this.#infer(count);
    const inferUs = count === 0 ? 0 : this.#nowUs() - startUs;
    let slot = 0;
    const results = decoded.map((image): WorkerResult => {
      if (!image.ok) return image;
      const top = topClasses(probabilities, slot++, this.#runtime.classCount, this.#topK);
      return { ok: true, decodeUs: image.decodeUs, top };
    });
    return { results, decodeUs, inferUs };
  }

  async close(): Promise<void> {
    await Promise.all([this.#stage.close(), this.#runtime.close()]);
  }

  /** First runs are slow: memory is laid out, code is compiled. Smallest and largest batch meet all of it. */
  async warmUp(maxBatchSize: number): Promise<void> {
    const { pixels } = this.#stage;
    for (let at = 0; at < pixels.length; at++) pixels[at] = (at * 31) & 0xff;
    await this.#infer(1);
    if (maxBatchSize > 1) await this.#infer(maxBatchSize);
  }

  /**
   * The model's time for a batch of each size, in a row of such batches: the first one after another size is slower (by
   * a fifth for one image in f32), which would make batching look like a gain. Round after round of all sizes, so that
   * a moment in which the machine was busy does not fall on one of them alone.
   *
   * @returns milliseconds of a batch of n at index n - 1: the shortest of its runs, as whatever disturbs one prolongs it
   */
  async measureCosts(maxBatchSize: number): Promise<number[]> {
    const shortestUs = new Array<number>(maxBatchSize).fill(Number.POSITIVE_INFINITY);
    const beganUs = this.#nowUs();
    for (let round = 0; round < COST_ROUNDS && this.#nowUs() - beganUs < COST_BUDGET_US; round++) {
      for (let size = 1; size <= maxBatchSize; size++) {
        const runs = Math.max(RUNS_IN_A_ROW, Math.ceil(IMAGES_IN_A_ROW / size));
        for (let run = 0; run < runs; run++) {
          const startUs = this.#nowUs();
          await this.#infer(size);
          shortestUs[size - 1] = Math.min(shortestUs[size - 1] as number, this.#nowUs() - startUs);
        }
      }
    }
    return shortestUs.map(usToMs);
  }

  #infer(count: number): Promise<Float32Array> {
    return this.#runtime.run(this.#stage.pixels.subarray(0, count * this.#imageBytes), count);
  }
}
