import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Device } from '../runtime/devices.js';
import type { BodyArena } from '../shared-memory/body-arena.js';
import { decodeDone, encodeRun, type PlacedImage } from './frames/batch-frames.js';
import { FrameReader } from './frames/frame-reader.js';
import { type BatchOrder, FRAMES_FD, type FromWorker, type ImageFile, type ToWorker } from './protocol.js';
import { workerEnvironment } from './worker-environment.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/worker');

export interface WorkerProcessEvents {
  message(message: FromWorker): void;
  /** The process has ended; comes once, and nothing after it. */
  ended(cause: string): void;
}

/** A child process that speaks the worker protocol. Until it is told what to open, it only loads its libraries. */
export class WorkerProcess {
  /** Undefined where the system refused to start one. */
  readonly #child: ChildProcess | undefined;
  /** Why. */
  readonly #ended: Promise<string>;
  readonly #arena: BodyArena | null;
  /** Where frames go to and come from; undefined without shared memory. */
  readonly #frames: Socket | undefined;

  /**
   * @param arena of the bodies that it is given, where it can read them there
   * @param devices that it is going to open: each needs variables of its own
   */
  constructor(arena: BodyArena | null, devices: readonly Device[] = ['cpu']) {
    const started = startProcess(arena, devices);
    this.#child = started instanceof Error ? undefined : started;
    this.#arena = arena;
    // A process that never started has none, whatever its type says.
    const stdio = this.#child?.stdio as readonly unknown[] | undefined;
    this.#frames = stdio?.[FRAMES_FD] as Socket | undefined;
    this.#ended = new Promise((end) => {
      const notStarted = (error: Error) => end(`could not be started: ${error.message}`);
      if (started instanceof Error) {
        // Later, as with a process that did start: the caller does not have this object yet.
        setImmediate(notStarted, started);
        return;
      }
      started.once('exit', (code, signal) => {
        end(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
      });
      // Only a process that never started has no exit.
      started.on('error', (error) => {
        if (started.pid === undefined) notStarted(error);
      });
    });
  }

  /** To be called once, before anything is sent. An end that came before is told as well. */
  attend(events: WorkerProcessEvents): void {
    this.#child?.on('message', (message) => events.message(message as FromWorker));
    this.#readFrames(events);
    void this.#ended.then((cause) => events.ended(cause));
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  run(order: BatchOrder): void {
    const { batch, images, ahead } = order;
    const placedImages = this.#placed(images);
    const placedAhead = this.#placed(ahead);
    if (placedImages === null || placedAhead === null) this.send({ type: 'run', ...order });
    else if (this.#frames?.writable === true) {
      this.#frames.write(encodeRun({ batch, images: placedImages, ahead: placedAhead }));
    }
  }

  /** @returns null where not all of them are in the arena, or nothing is */
  #placed(files: readonly ImageFile[]): PlacedImage[] | null {
    return this.#arena === null || this.#frames === undefined ? null : placedIn(this.#arena, files);
  }

  #readFrames(events: WorkerProcessEvents): void {
    const frames = new FrameReader((frame) => events.message(decodeDone(frame)));
    this.#frames?.on('data', (chunk: Buffer) => {
      try {
        frames.push(chunk);
      } catch {
        // What comes is no answer: it is not to be trusted with another batch.
        void this.kill();
      }
    });
    // As with the channel of messages: `exit` tells the rest.
    this.#frames?.on('error', () => {});
  }

  send(message: ToWorker): void {
    // A process that has just died cannot be written to, and its `exit` tells the rest. One that never started,
    // for want of descriptors, has no channel and so, whatever its type says, no `send`.
    if (this.#child?.connected === true) this.#child.send(message, () => {});
  }

  /** Nothing in a worker is worth saving, and SIGKILL ends one that hangs in the model, too. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}

/** Some refusals of the system are thrown (no memory), others are told by the process object (no descriptors). */
function startProcess(arena: BodyArena | null, devices: readonly Device[]): ChildProcess | Error {
  try {
    return fork(ENTRY, {
      serialization: 'advanced',
      // Standard output belongs to the command's own answer.
      stdio: [
        'ignore',
        'ignore',
        'inherit',
        'ipc',
        ...(arena === null ? [] : [arena.descriptor, 'pipe' as const]),
      ],
      env: workerEnvironment(process.env, devices),
      execArgv: [],
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function placedIn(arena: BodyArena, files: readonly ImageFile[]): PlacedImage[] | null {
  const placed: PlacedImage[] = [];
  for (const { image, bytes } of files) {
    const offset = bytes === null ? 0 : arena.offsetOf(bytes);
    if (offset === -1) return null;
    placed.push({ image, place: bytes && { offset, byteLength: bytes.length } });
  }
  return placed;
}
