import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@servelab/node';

/** As many as there are pods at a time, and some. */
const SLOTS = 4;

/**
 * HAProxy in the place of a Kubernetes Service: it spreads connections, not requests, over the pods that are its
 * endpoints, and leaves an open connection where it is when its pod is no longer one, as kube-proxy does.
 */
export class Service {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #endpoints: (string | null)[] = new Array(SLOTS).fill(null);
  readonly url: string;

  private constructor(folder: string, process: ChildProcess, port: number) {
    this.#folder = folder;
    this.#process = process;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<Service> {
    const folder = await mkdtemp(join(tmpdir(), 'servelab-service-'));
    const port = await freePort();
    const configuration = join(folder, 'haproxy.cfg');
    await writeFile(
      configuration,
      `global
  stats socket ${join(folder, 'admin.sock')} level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend service
  bind 127.0.0.1:${port}
  default_backend pods
backend pods
  balance leastconn
  server-template pod 1-${SLOTS} 127.0.0.1:1 disabled
`,
    );
    const process = spawn('haproxy', ['-db', '-f', configuration], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const service = new Service(folder, process, port);
    while ((await service.#ask('show info').catch(() => '')) === '') await delay(20);
    return service;
  }

  /** A pod that is ready becomes an endpoint. */
  async add(url: string): Promise<void> {
    const slot = this.#endpoints.indexOf(null);
    if (slot < 0) throw new Error('no slot is left');
    this.#endpoints[slot] = url;
    await this.#ask(`set server pods/pod${slot + 1} addr 127.0.0.1 port ${new URL(url).port}`);
    await this.#ask(`set server pods/pod${slot + 1} state ready`);
  }

  /** New connections go elsewhere from now on. */
  async remove(url: string): Promise<void> {
    const slot = this.#endpoints.indexOf(url);
    this.#endpoints[slot] = null;
    await this.#ask(`set server pods/pod${slot + 1} state maint`);
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'exit');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ask(command: string): Promise<string> {
    const socket = connect(join(this.#folder, 'admin.sock'));
    socket.end(`${command}\n`);
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
    return answer;
  }
}
