import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { visibleText } from '@servelab/core';
import { atExit } from './at-exit.js';
import { commandWords, markedProcesses, membersOf, readProcessTable, STACK_MARK } from './process-table.js';
import { sendSignal } from './send-signal.js';

const LOG_TAIL_BYTES = 4096;
const STOP_GRACE_MS = 5000;
const POLL_MS = 20;

/**
 * A command that leads a session of its own, so that everything it starts can be counted and ended with it,
 * and so that a terminal's Ctrl-C reaches only the lab, which then stops the stack in order.
 */
export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #mark = randomUUID();
  /** Its own, and those that its daemons were seen to lead: they stay known when their leaders have gone. */
  readonly #sessions = new Set<number>();
  readonly #onOutput: ((text: string) => void) | undefined;
  readonly #release: () => void;
  #log = '';

  /** @param onOutput told what the group prints, on either stream */
  constructor(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    cwd?: string,
    onOutput?: (text: string) => void,
  ) {
    this.#onOutput = onOutput;
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, [STACK_MARK]: this.#mark },
      cwd,
    });
    if (this.#child.pid !== undefined) this.#sessions.add(this.#child.pid);
    this.#release = atExit(() => this.#killNow());
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', (error) => {
        this.#remember(`${error.message}\n`);
        resolve();
      });
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#remember(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#remember(text));
  }

  /** Session id and process-group id; undefined when the program could not be started at all. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get exitDescription(): string {
    if (this.#child.pid === undefined) return 'could not be started';
    return this.#child.signalCode === null
      ? `ended with exit code ${this.#child.exitCode}`
      : `was ended by ${this.#child.signalCode}`;
  }

  /** The last few kilobytes of what the group printed. */
  get logTail(): string {
    return visibleText(stripVTControlCharacters(this.#log));
  }

  /**
   * Waits for a line on standard output.
   *
   * @returns the match, or null when the process ended, the time ran out or the signal came first
   */
  async waitForLine(
    pattern: RegExp,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<RegExpExecArray | null> {
    // The line that is being printed: a pattern is held against whole lines.
    let last = this.#log;
    return await new Promise((resolve) => {
      const finish = (match: RegExpExecArray | null) => {
        clearTimeout(timer);
        this.#child.stdout?.off('data', look);
        signal.removeEventListener('abort', giveUp);
        resolve(match);
      };
      const look = (text: string) => {
        const lines = (last + text).split('\n');
        last = (lines.pop() ?? '').slice(-LOG_TAIL_BYTES);
        for (const line of lines) {
          const match = pattern.exec(line);
          if (match !== null) finish(match);
        }
      };
      const giveUp = () => finish(null);
      const timer = setTimeout(giveUp, timeoutMs);
      this.#child.stdout?.on('data', look);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      void this.#ended.then(giveUp);
    });
  }

  /** Resolves when the process that was started has ended, whatever is left of its children. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Ids of its living processes, daemons that left the session included; null where there is no /proc. */
  async members(): Promise<number[] | null> {
    const rows = await readProcessTable(this.#mark);
    if (rows === null) return null;
    const members = membersOf(rows, this.#sessions);
    for (const { pid, session } of members) if (pid === session) this.#sessions.add(pid);
    return members.map(({ pid }) => pid);
  }

  /**
   * SIGTERM, then SIGKILL to whoever is left after the grace; resolves when nobody is.
   *
   * @returns what had to be ended by SIGKILL, in words; [] when all ended in order
   */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<string[]> {
    if (this.#child.pid === undefined) {
      this.#release();
      return [];
    }
    const orphans = this.alive ? [] : await this.members();
    this.#signalGroup('SIGTERM');
    // Daemons outside the group end with the process that started them; without it they must be told.
    for (const pid of orphans ?? []) sendSignal(pid, 'SIGTERM');
    let killed: string[] = [];
    if (!(await this.#emptyWithin(graceMs))) {
      const left = (await this.members()) ?? [];
      killed = await Promise.all(left.map(commandWords));
      this.#signalGroup('SIGKILL');
      for (const pid of left) sendSignal(pid, 'SIGKILL');
      await this.#emptyWithin(STOP_GRACE_MS);
    }
    await this.#ended;
    this.#release();
    return killed;
  }

  /** Without waiting: this process is about to exit. */
  #killNow(): void {
    this.#signalGroup('SIGKILL');
    for (const pid of markedProcesses(this.#mark)) sendSignal(pid, 'SIGKILL');
  }

  async #emptyWithin(limitMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + limitMs;
    while (performance.now() < deadlineMs) {
      if (!this.alive && (await this.#isEmpty())) return true;
      await delay(POLL_MS);
    }
    return false;
  }

  async #isEmpty(): Promise<boolean> {
    const { pid } = this.#child;
    if (pid === undefined) return true;
    const members = await this.members();
    return members === null ? !sendSignal(-pid, 0) : members.length === 0;
  }

  #signalGroup(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid !== undefined) sendSignal(-pid, name);
  }

  #remember(text: string): void {
    this.#log = (this.#log + text).slice(-LOG_TAIL_BYTES);
    this.#onOutput?.(text);
  }
}
