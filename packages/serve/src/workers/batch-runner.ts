import { type NowUs, usToMs } from '@servelab/core';
import type { ImageDecoder } from '../decode/image-decoder.js';
import type { ModelRuntime } from '../runtime/model-runtime.js';
import type { WorkerResult } from './protocol.js';
import { topClasses } from './top-classes.js';

/** Rounds in which every batch size is timed; none is begun when all together took so long. */
const COST_ROUNDS = 5;
const COST_BUDGET_US = 1_000_000;
/** A size is run so often in a row, and until so many images have run: only then are caches its own. */
const RUNS_IN_A_ROW = 2;
const IMAGES_IN_A_ROW = 5;

export interface BatchAnswer {
  readonly results: WorkerResult[];
  readonly inferUs: number;
}

/** Has an eye on the decoding of one image, by its index in the batch. */
export type DecodeWatch = <T>(image: number, decode: () => Promise<T>) => Promise<T>;

/** What a worker does: files in, classes out, on one pixel buffer that is made once. */
export class BatchRunner {
  readonly #runtime: ModelRuntime;
  readonly #decoder: ImageDecoder;
  readonly #nowUs: NowUs;
  readonly #topK: number;
  readonly #imageBytes: number;
  readonly #pixels: Uint8Array;

  /** @param topK classes answered: five by the contract, another number where a model of one's own says so */
  constructor(runtime: ModelRuntime, decoder: ImageDecoder, maxBatchSize: number, nowUs: NowUs, topK = 5) {
    this.#runtime = runtime;
    this.#decoder = decoder;
    this.#nowUs = nowUs;
    this.#topK = topK;
    this.#imageBytes = runtime.inputSize ** 2 * 3;
    this.#pixels = new Uint8Array(maxBatchSize * this.#imageBytes);
  }

  /** A file that cannot be decoded fails alone: the images that can be move together and run as one batch. */
  async run(files: readonly Uint8Array[], watch: DecodeWatch): Promise<BatchAnswer> {
    const results: WorkerResult[] = [];
    const decoded: { at: number; decodeUs: number }[] = [];
    for (const [at, file] of files.entries()) {
      const startUs = this.#nowUs();
      const slot = this.#slot(decoded.length);
      const result = await watch(at, () => this.#decoder.decode(file, this.#runtime.inputSize, slot));
      const decodeUs = this.#nowUs() - startUs;
      if (result.ok) decoded.push({ at, decodeUs });
      else results[at] = { ok: false, decodeUs, code: result.code };
    }
    if (decoded.length === 0) return { results, inferUs: 0 };

    const startUs = this.#nowUs();
    const probabilities = await this.#infer(decoded.length);
    const inferUs = this.#nowUs() - startUs;
    for (const [slot, { at, decodeUs }] of decoded.entries()) {
      const top = topClasses(probabilities, slot, this.#runtime.classCount, this.#topK);
      results[at] = { ok: true, decodeUs, top };
    }
    return { results, inferUs };
  }

  /** First runs are slow: memory is laid out, code is compiled. Smallest and largest batch meet all of it. */
  async warmUp(maxBatchSize: number): Promise<void> {
    for (let at = 0; at < this.#pixels.length; at++) this.#pixels[at] = (at * 31) & 0xff;
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
    return this.#runtime.run(this.#pixels.subarray(0, count * this.#imageBytes), count);
  }

  #slot(index: number): Uint8Array {
    return this.#pixels.subarray(index * this.#imageBytes, (index + 1) * this.#imageBytes);
  }
}
