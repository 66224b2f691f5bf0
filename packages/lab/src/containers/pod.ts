import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { MS_PER_S } from '@servelab/core';
import { request } from 'undici';
import type { Docker } from './docker.js';
import { dockerRunArguments } from './docker-arguments.js';
import type { HttpProbe, PodContainer } from './pod-container.js';

/** All containers that were started by one process. */
const POD_LABEL = 'servelab.pod';
/** How long the nodes of a cluster take to hear that a pod is no endpoint of its Service any more. */
const PROPAGATION_MS = 1000;

/** One container, run and ended as the kubelet does it with a pod. */
export class Pod {
  readonly #docker: Docker;
  readonly #container: PodContainer;
  /** As Docker knows it. */
  readonly name: string;
  #port = 0;

  private constructor(docker: Docker, container: PodContainer, name: string) {
    this.#docker = docker;
    this.#container = container;
    this.name = name;
  }

  /** Starts the container; it cannot be expected to answer yet. */
  static async start(docker: Docker, container: PodContainer): Promise<Pod> {
    const pod = new Pod(docker, container, `${container.deployment}-${randomUUID().slice(0, 8)}`);
    await docker(dockerRunArguments(container, pod.name, `${POD_LABEL}=${process.pid}`));
    const published = await docker(['port', pod.name, `${container.port}/tcp`]);
    pod.#port = Number(/:(\d+)$/m.exec(published)?.[1]);
    return pod;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /**
   * Asks the startup probe as often as it says, then the readiness probe.
   *
   * @returns milliseconds from now to the first question that was answered well
   * @throws Error where the container ends, or the startup probe has failed too often: the kubelet would end it
   */
  async untilReady(signal: AbortSignal): Promise<number> {
    const { startup, readiness } = this.#container.probes;
    const startedMs = performance.now();
    await delay(startup.initialDelaySeconds * MS_PER_S, undefined, { signal });
    for (let failures = 0; !(await this.#asks(startup)); ) {
      if (!(await this.#running())) throw new Error(`${this.name} ended: ${await this.#logs()}`);
      if (++failures >= startup.failureThreshold) {
        throw new Error(`${this.name} was not started after ${failures} questions: ${await this.#logs()}`);
      }
      await delay(startup.periodSeconds * MS_PER_S, undefined, { signal });
    }
    while (!(await this.#asks(readiness))) {
      if (!(await this.#running())) throw new Error(`${this.name} ended: ${await this.#logs()}`);
      await delay(readiness.periodSeconds * MS_PER_S, undefined, { signal });
    }
    return performance.now() - startedMs;
  }

  async #asks({ httpGet, timeoutSeconds }: HttpProbe): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`${this.url}${httpGet.path}`, {
        signal: AbortSignal.timeout(timeoutSeconds * MS_PER_S),
      });
      await body.dump();
      return statusCode >= 200 && statusCode < 400;
    } catch {
      return false;
    }
  }

  async #running(): Promise<boolean> {
    return (await this.#inspect('{{.State.Running}}')) === 'true';
  }

  /** What it uses now, as Docker counts it: without the page cache. */
  async memoryBytes(): Promise<number> {
    const used = await this.#docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', this.name]);
    const [, number, unit = ''] = /^([\d.]+)([KMG]iB|B)/.exec(used) ?? [];
    return Number(number) * ({ B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit] ?? Number.NaN);
  }

  async #logs(): Promise<string> {
    return await this.#docker(['logs', '--tail', '20', this.name]);
  }

  /**
   * The end of a pod: it is taken out of its Service, which nodes hear of a second later; meanwhile the pause of preStop,
   * then SIGTERM, and SIGKILL once the grace period is over.
   *
   * @param onRemoved called when nobody sends to it any more
   * @returns its exit code, 137 where it had to be killed; and how long it took from SIGTERM
   */
  async end(onRemoved: () => unknown = () => {}): Promise<{ exitCode: number; ms: number }> {
    const { preStopS, graceS } = this.#container;
    const removed = delay(PROPAGATION_MS).then(onRemoved);
    await delay(preStopS * MS_PER_S);
    const toldMs = performance.now();
    await this.#docker(['stop', '--time', String(graceS - preStopS), this.name]);
    const ms = performance.now() - toldMs;
    await removed;
    return { exitCode: Number(await this.#inspect('{{.State.ExitCode}}')), ms };
  }

  /** Removes it, running or not. */
  async remove(): Promise<void> {
    await this.#docker(['rm', '--force', '--volumes', this.name]);
  }

  async #inspect(format: string): Promise<string> {
    return await this.#docker(['inspect', '--format', format, this.name]);
  }
}
