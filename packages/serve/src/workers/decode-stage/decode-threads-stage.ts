import { type NowUs, usToMs } from '@servelab/core';
import type { DecoderOptions } from '../../decode/image-decoder.js';
import { PixelBudget } from '../../decode/pixel-budget.js';
import type { ImageFile } from '../protocol.js';
import type {
  DecodedBatch,
  DecodedImage,
  DecodeStage,
  SlowDecodingObserver,
  StageSize,
} from './decode-stage.js';
import { DecodeThread } from './decode-thread.js';
import type { DecodeTask, DecodeTaskDone } from './decode-thread-protocol.js';
import type { ModelThreadStage } from './model-thread-stage.js';
import { SlotPixels } from './slot-pixels.js';
import { SlowDecodingWatch } from './slow-decoding-watch.js';

/** Tasks of a thread while this one can give it more: with the next one at hand it never waits for us. */
const GIVEN_AT_ONCE = 2;

/** An image that is to be decoded, is being decoded, or has been. */
interface Picture {
  readonly image: number;
  readonly decoded: Promise<DecodedImage>;
  readonly settle: (decoded: DecodedImage) => void;
  /** The file, until a thread or this one decodes it. */
  file: Uint8Array | null;
  /** Where its pixels go: -1 until a thread is given it. */
  slot: number;
  isDecoded: boolean;
  isWanted: boolean;
}

/**
 * Decodes on threads of its own: the images of a batch at the same time, and those of the next one while the model runs,
 * which occupies this thread. An image that comes alone is decoded here, since nothing could be done beside it, and so is a
 * batch of small files, where handing them over takes longer than it saves.
 */
export class DecodeThreadsStage implements DecodeStage {
  readonly ready: Promise<void>;
  readonly #own: ModelThreadStage;
  readonly #smallBytes: number;
  readonly #nowUs: NowUs;
  readonly #slots: SlotPixels;
  readonly #threads: readonly DecodeThread[];
  readonly #watch: SlowDecodingWatch | undefined;
  /** By image: of the batch, and ahead. */
  #pictures = new Map<number, Picture>();
  /** By task: given to a thread, or waiting for one. */
  readonly #tasks = new Map<number, Picture>();
  #waiting: Omit<DecodeTask, 'slot'>[] = [];
  #lastTask = 0;
  #fail: (error: Error) => void = () => {};
  readonly #failed = new Promise<never>((_resolve, reject) => {
    this.#fail = reject;
  });

  /**
   * @param own of this thread
   * @param smallBytes a file of fewer bytes is small
   * @throws where the system refuses a thread
   */
  constructor(
    threads: number,
    own: ModelThreadStage,
    smallBytes: number,
    decoding: DecoderOptions,
    { size, maxBatchSize }: StageSize,
    nowUs: NowUs,
    slow?: SlowDecodingObserver,
  ) {
    this.#own = own;
    this.#smallBytes = smallBytes;
    this.#nowUs = nowUs;
    // A batch, and as many ahead.
    this.#slots = new SlotPixels(2 * maxBatchSize, size * size * 3);
    this.#failed.catch(() => {});
    const budget = PixelBudget.create(decoding.maxPixels);
    const setup = { decoding, size, pixels: this.#slots.shared, budget };
    const events = {
      done: (done: DecodeTaskDone) => this.#done(done),
      failed: (error: Error) => this.#fail(error),
    };
    this.#threads = Array.from({ length: threads }, () => new DecodeThread(setup, events));
    const loaded = Promise.all(this.#threads.map((thread) => thread.loaded));
    this.ready = Promise.race([loaded, this.#failed]).then(() => {});
    this.ready.catch(() => {});
    const activities = this.#threads.map(({ activity }) => activity);
    this.#watch =
      slow &&
      new SlowDecodingWatch(
        activities,
        (task) => this.#tasks.get(task)?.image,
        () => usToMs(nowUs()),
        slow,
      );
  }

  get pixels(): Uint8Array {
    return this.#own.pixels;
  }

  async decode(images: readonly ImageFile[], ahead: readonly ImageFile[]): Promise<DecodedBatch> {
    const files = images.map((file) => this.#notDecodedYet(file));
    // Beside threads that decode, this one would take more memory than the pixel budget allows.
    const isHere = this.#tasks.size === 0 && files.every((file) => file.bytes !== null);
    const isAlone = images.length === 1 && ahead.length === 0;
    if (!isHere || !(isAlone || files.every(({ bytes }) => this.#isSmall(bytes)))) {
      return await this.#share(images, ahead);
    }
    const next = ahead.map((file) => this.#pictureOf(file));
    this.#forgetAllBut(next);
    const batch = await this.#own.decode(files);
    this.#enqueueLarge(next);
    // The model occupies this thread now: until it is done the threads have to have all there is.
    this.#give(Number.POSITIVE_INFINITY);
    return batch;
  }

  #notDecodedYet({ image, bytes }: ImageFile): ImageFile {
    return { image, bytes: bytes ?? this.#pictures.get(image)?.file ?? null };
  }

  #isSmall(bytes: Uint8Array | null): boolean {
    return bytes !== null && bytes.length < this.#smallBytes;
  }

  /** Small files stay as they are: the batch that they come to decides. */
  #enqueueLarge(next: readonly Picture[]): void {
    for (const picture of next) if (!this.#isSmall(picture.file)) this.#enqueue(picture);
  }

  async #share(images: readonly ImageFile[], ahead: readonly ImageFile[]): Promise<DecodedBatch> {
    const beganUs = this.#nowUs();
    const batch = images.map((file) => this.#pictureOf(file));
    const next = ahead.map((file) => this.#pictureOf(file));
    this.#forgetAllBut([...batch, ...next]);
    for (const picture of batch) this.#enqueue(picture);
    this.#enqueueLarge(next);
    this.#give(GIVEN_AT_ONCE);
    const decoded = await Promise.race([Promise.all(batch.map((picture) => picture.decoded)), this.#failed]);
    const decodeUs = this.#nowUs() - beganUs;
    this.#gather(batch, decoded);
    // As above: the model comes next.
    this.#give(Number.POSITIVE_INFINITY);
    this.#forgetAllBut(next);
    return { images: decoded, decodeUs };
  }

  async close(): Promise<void> {
    this.#watch?.stop();
    for (const thread of this.#threads) thread.close();
  }

  #pictureOf({ image, bytes }: ImageFile): Picture {
    const known = this.#pictures.get(image);
    if (known !== undefined) return known;
    if (bytes === null) throw new Error(`image ${image} was not given before`);
    let settle: Picture['settle'] = () => {};
    const decoded = new Promise<DecodedImage>((resolve) => {
      settle = resolve;
    });
    // A copy: the memory that it lies in is another's as soon as this batch is done.
    const file = new Uint8Array(bytes);
    const picture = { image, decoded, settle, file, slot: -1, isDecoded: false, isWanted: true };
    this.#pictures.set(image, picture);
    return picture;
  }

  #enqueue(picture: Picture): void {
    if (picture.file === null) return;
    const task = ++this.#lastTask;
    this.#tasks.set(task, picture);
    this.#waiting.push({ task, bytes: picture.file });
    picture.file = null;
  }

  /** Each to the thread that has least to do. There is a slot for all that are wanted, once the others have ended. */
  #give(atOnce: number): void {
    for (const task of this.#waiting.splice(0)) {
      const picture = this.#tasks.get(task.task);
      const thread = this.#threads.reduce((least, other) => (other.given < least.given ? other : least));
      if (picture?.isWanted !== true) this.#tasks.delete(task.task);
      else if (thread.given >= atOnce || !this.#slots.hasFree) this.#waiting.push(task);
      else {
        picture.slot = this.#slots.take();
        thread.give({ ...task, slot: picture.slot });
      }
    }
    if (this.#tasks.size > 0) this.#watch?.start();
    else this.#watch?.stop();
  }

  #done({ task, error, decodeUs }: DecodeTaskDone): void {
    const picture = this.#tasks.get(task);
    if (picture === undefined) return;
    this.#tasks.delete(task);
    picture.isDecoded = true;
    if (picture.isWanted)
      picture.settle(error === null ? { ok: true, decodeUs } : { ok: false, code: error, decodeUs });
    else this.#slots.free(picture.slot);
    this.#give(GIVEN_AT_ONCE);
  }

  #gather(batch: readonly Picture[], decoded: readonly DecodedImage[]): void {
    let count = 0;
    for (const [n, { slot }] of batch.entries()) {
      if (decoded[n]?.ok === true) this.#slots.copy(slot, this.pixels, count++);
    }
  }

  #forgetAllBut(wanted: readonly Picture[]): void {
    const kept = new Map(wanted.map((picture) => [picture.image, picture]));
    for (const picture of this.#pictures.values()) {
      if (kept.has(picture.image)) continue;
      picture.isWanted = false;
      if (picture.isDecoded) this.#slots.free(picture.slot);
    }
    this.#pictures = kept;
  }
}
