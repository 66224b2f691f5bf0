import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLOURS, plainImage, writeColourModel } from '../../fixtures/colour-classifier.js';
import { treePeakMib } from '../../fixtures/process-tree.js';
import { ServelabProcess } from '../../fixtures/served-process.js';
import { type Answer, ask } from './exchange.js';
import { HAS_PROC, mainThreadCpuS, openDescriptors } from './proc.js';
import { until } from './until.js';

/** What the containers of deploy/k8s/base/stack/deployment.yaml may use. */
export const MEMORY_LIMIT_MIB = 2048;
/** Far longer than anything that an attack leaves behind may take to end by itself, such as a worker's start. */
const SETTLED_WITHIN_MS = 120_000;
const WORKERS = 2;
const COLOURED = { red: '#ff0000', green: '#00ff00', blue: '#0000ff' } as const;

export interface VictimOptions {
  /** For `servelab serve`, beside its defaults. */
  readonly args?: readonly string[];
  /** A command to run it under. */
  readonly under?: readonly string[];
}

/**
 * A `servelab serve` with its default limits, two workers and a classifier small enough that its answers are known
 * beforehand: what it is asked between and after attacks must be answered as ever.
 */
export class Victim {
  #probes = 0;
  #descriptors = 0;
  #restarts = 0;
  #isRunning = true;

  private constructor(
    private readonly process: ServelabProcess,
    readonly url: string,
    private readonly folder: string,
    private readonly images: readonly Buffer[],
  ) {
    void process.ended().then(() => {
      this.#isRunning = false;
    });
  }

  static async start({ args = [], under = [] }: VictimOptions = {}): Promise<Victim> {
    const folder = await mkdtemp(join(tmpdir(), 'servelab-attack-'));
    const process = new ServelabProcess(
      ['serve', '--port', '0', '--workers', `${WORKERS}`, '--log-level', 'error', ...args].concat(
        args.includes('--runtime') ? [] : ['--model', await writeColourModel(folder)],
      ),
      { SERVELAB_CACHE_DIR: join(folder, 'cache') },
      under,
      true,
    );
    const images = await Promise.all(COLOURS.map((name) => plainImage(COLOURED[name])));
    const victim = new Victim(process, await process.listening(), folder, images);
    // What is opened for good by the first requests is no leak of later ones.
    for (let n = 0; n < 10; n++) await victim.probe();
    if (HAS_PROC) victim.#descriptors = openDescriptors(victim.pid);
    return victim;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.process.pid;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get eventLoopCpuS(): number {
    return mainThreadCpuS(this.pid);
  }

  get peakMib(): number {
    return treePeakMib(this.pid);
  }

  /** Asks for an image of one colour after another. */
  async predict(): Promise<{ answer: Answer; isRight: boolean }> {
    const colour = this.#probes++ % this.images.length;
    const answer = await ask(this.port, {
      method: 'POST',
      path: '/predict',
      headers: { 'content-type': 'image/png' },
      body: this.images[colour] as Buffer,
    });
    const isRight = answer.status === 200 && topOf(answer) === COLOURS[colour];
    return { answer, isRight };
  }

  async metric(name: string): Promise<number> {
    const { text } = await ask(this.port, { path: '/metrics' });
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  }

  /** Requests to /predict by the status of their answers, since the start. */
  async answered(): Promise<Map<number, number>> {
    const { text } = await ask(this.port, { path: '/metrics' });
    const rows = text.matchAll(/^servelab_requests_total\{status="(\d+)"\} (\d+)$/gm);
    return new Map([...rows].map(([, status, count]) => [Number(status), Number(count)]));
  }

  /** Workers lost since this was asked last. */
  async lostWorkers(): Promise<number> {
    const restarts = await this.metric('servelab_worker_restarts_total');
    const lost = restarts - this.#restarts;
    this.#restarts = restarts;
    return lost;
  }

  /** What an attack must not have changed. @returns what it did change, in words: [] for a server that is well */
  async complaints(): Promise<string[]> {
    try {
      return await this.#complaints();
    } catch (error) {
      return [`it cannot be asked: ${(error as Error).message}`];
    }
  }

  async #complaints(): Promise<string[]> {
    const found: string[] = [];
    const settles = async (words: () => string, holds: () => boolean | Promise<boolean>) => {
      if (!(await until(() => !this.#isRunning || holds(), SETTLED_WITHIN_MS))) found.push(words());
    };
    if (!this.#isRunning) return [`it has ended: ${JSON.stringify(await this.process.ended())}`];
    await settles(
      () => 'it is not ready',
      async () => (await ask(this.port, { path: '/readyz' })).status === 200,
    );
    await settles(
      () => 'images wait and are not answered',
      async () => (await this.metric('servelab_queue_images')) === 0,
    );
    await settles(
      () => `not all of ${WORKERS} workers are ready`,
      async () => (await this.metric('servelab_workers_ready')) === WORKERS,
    );
    for (let n = 0; n < COLOURS.length; n++) {
      const { answer, isRight } = await this.predict();
      if (!isRight) found.push(`a plain image was answered ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    if (!HAS_PROC) return found;
    await settles(
      () => `${openDescriptors(this.pid)} descriptors are open, not ${this.#descriptors}`,
      () => openDescriptors(this.pid) <= this.#descriptors,
    );
    const { peakMib } = this;
    if (peakMib > MEMORY_LIMIT_MIB) found.push(`its processes had ${peakMib.toFixed(0)} MiB at their peaks`);
    if (!this.#isRunning) found.push('it has ended');
    return found;
  }

  private async probe(): Promise<void> {
    await this.predict();
    await ask(this.port, { path: '/metrics' });
  }

  async stop(): Promise<void> {
    await this.process.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function topOf({ text }: Answer): unknown {
  return (JSON.parse(text) as { top_prediction?: unknown }).top_prediction;
}
