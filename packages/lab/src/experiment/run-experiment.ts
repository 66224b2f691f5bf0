import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { monotonicNowUs, seededRandom, US_PER_S, UserError } from '@servelab/core';
import { highestRateRps } from '../analyse/checks/driver-checks.js';
import { spinProbeMs } from '../machine/noise-probe.js';
import type { RunManifest } from '../record/run-folder.js';
import { UNKNOWN_RUNTIME } from '../stacks/own/own-server.js';
import { type RunningStack, type Stack, StackFailure } from '../stacks/stack.js';
import { PHOTOGRAPHS } from '../stacks/workload-kind.js';
import type { BenchObserver } from './bench-event.js';
import { probeCache, probeImages } from './cache-probe.js';
import { loadsOf, measureCapacity } from './calibrate.js';
import { calibrateDriver } from './calibrate-driver.js';
import { DurationEstimate } from './duration-estimate.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';
import { checkTurn, measurePoint, type RedoBudget } from './measure-turn.js';
import { pointDurationUs, pointWarmup } from './point-duration.js';
import { NO_REFERENCE, type Reference, takeReference } from './reference-answers.js';
import { RunJournal } from './run-journal.js';
import { interleave, type StackTurn, type WorkloadGroup } from './schedule-of-runs.js';
import { searchCapacity, TYPICAL_TRIES } from './search-capacity.js';

/**
 * The whole experiment: reference answers, calibration of rates and of the driver, interleaved turns of fresh
 * processes, then the searches for highest rates. A stack that fails is recorded and left out of later turns; an abort
 * stops everything and keeps what was measured.
 *
 * @returns the manifest as it was last written to `run.json`
 */
export async function runExperiment(
  plan: ExperimentPlan,
  observe: BenchObserver,
  signal: AbortSignal,
): Promise<RunManifest> {
  await mkdir(join(plan.runDir, 'records'), { recursive: true });
  const journal = new RunJournal(plan, new Date().toISOString());
  await journal.write();
  const experiment = new Experiment(plan, journal, observe, signal);
  try {
    await experiment.run();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) observe({ kind: 'interrupted' });
  journal.finish(new Date().toISOString(), signal.aborted);
  await journal.write();
  return journal.manifest;
}

class Experiment {
  readonly #plan: ExperimentPlan;
  readonly #journal: RunJournal;
  readonly #observe: BenchObserver;
  readonly #signal: AbortSignal;
  readonly #references = new Map<string, Reference>();
  /** Stacks that failed, as `workload stack`: no later turn is wasted on them. */
  readonly #failed = new Set<string>();
  readonly #estimate: DurationEstimate;
  readonly #fastestSpinMs = spinProbeMs(0);
  readonly #redo: RedoBudget = { left: 0 };
  /** How long one search takes, about. */
  readonly #searchS: number;

  constructor(plan: ExperimentPlan, journal: RunJournal, observe: BenchObserver, signal: AbortSignal) {
    this.#plan = plan;
    this.#journal = journal;
    this.#observe = observe;
    this.#signal = signal;
    this.#searchS = (TYPICAL_TRIES * (plan.warmupUs + plan.durationUs)) / US_PER_S;
    this.#estimate = new DurationEstimate(
      (load) => (pointWarmup(load, plan).warmupUs + pointDurationUs(load, plan)) / US_PER_S,
      plan.workloads.flatMap(({ stacks }) => stacks),
    );
  }

  async run(): Promise<void> {
    const groups: WorkloadGroup[] = [];
    for (const workload of this.#plan.workloads) groups.push(...(await this.#prepare(workload)));
    this.#observe({ kind: 'calibrating-driver' });
    const driver = await calibrateDriver(
      this.#plan,
      groups.flatMap(({ loads }) => loads),
      this.#signal,
    );
    this.#journal.driver(driver);
    this.#observe({ kind: 'driver-calibrated', driver });
    const random = seededRandom(this.#plan.seed, 'order of stacks');
    const turns = interleave(groups, this.#plan.repeats, random);
    const points = turns.reduce((sum, turn) => sum + turn.loads.length, 0);
    this.#redo.left = Math.ceil(points * this.#plan.redoShare);
    this.#observe({
      kind: 'announced',
      turns: turns.length,
      points,
      blocks: this.#plan.repeats,
      remainingS: this.#remainingS(turns),
    });
    for (const [index, turn] of turns.entries()) {
      this.#signal.throwIfAborted();
      const remainingS = this.#remainingS(turns.slice(index));
      this.#observe({ kind: 'turn-started', turn, turns: turns.length, remainingS });
      const startedUs = monotonicNowUs();
      await this.#turn(turn);
      this.#estimate.observe(turn, (monotonicNowUs() - startedUs) / US_PER_S);
    }
    await this.#searchCapacities(turns.length, highestRateRps(driver.ceiling));
  }

  #remainingS(turns: readonly StackTurn[]): number {
    return this.#estimate.remainingS(turns) + this.#searched().length * this.#searchS;
  }

  /** The stacks whose highest rate is searched for. */
  #searched(): { workload: Workload; stack: Stack }[] {
    if (this.#plan.capacity === null) return [];
    const photographs = this.#plan.workloads.filter(({ name }) => name === PHOTOGRAPHS.name);
    return photographs.flatMap((workload) => workload.stacks.map((stack) => ({ workload, stack })));
  }

  /** After all points, which an overloaded stack of the turn before would disturb; each in a fresh process. */
  async #searchCapacities(turnsBefore: number, highestRps: number): Promise<void> {
    const { capacity } = this.#plan;
    const searched = this.#searched();
    for (const [index, { workload, stack }] of searched.entries()) {
      const reference = this.#references.get(workload.name);
      if (capacity === null || reference === undefined) return;
      this.#signal.throwIfAborted();
      const order = turnsBefore + index;
      const turn: StackTurn = { order, repeat: 0, workload: workload.name, stack: stack.name, loads: [] };
      const remainingS = (searched.length - index) * this.#searchS;
      await this.#withStack(workload.name, stack, async (running) => {
        this.#observe({ kind: 'search-started', turn, slo: capacity.slo, remainingS });
        const window = { ...this.#windowOf(stack, reference), turn, running };
        const found = await searchCapacity(window, { ...capacity, highestRps }, this.#observe, this.#signal);
        if (found.tries.length > 0) this.#journal.capacity(found);
        await this.#journal.write();
        if (!running.alive()) throw died(stack, running);
      });
    }
  }

  /**
   * Reference answers from one process, if a stack is held against them; then, where rates depend on it, the capacity
   * of every stack. Rates are fractions of what the slowest of a group can do; a group shares workload, runtime and
   * precision.
   */
  async #prepare(workload: Workload): Promise<WorkloadGroup[]> {
    if (workload.stacks.every(({ unchecked }) => unchecked)) {
      this.#references.set(workload.name, NO_REFERENCE);
    } else {
      await this.#withStack(workload.name, workload.reference, async (running) => {
        const reference = await takeReference(this.#plan, workload, running.predictUrl, this.#signal);
        this.#references.set(workload.name, reference);
      });
    }
    const groups: WorkloadGroup[] = [];
    for (const stacks of groupsOf(workload.stacks)) {
      const slowestRps = workload.rateFractions.length > 0 ? await this.#slowest(workload, stacks) : null;
      const loads = loadsOf(workload, slowestRps, this.#plan.arrivals);
      if (slowestRps !== null) {
        const ratesRps = loads.flatMap(({ rate_rps }) => rate_rps ?? []);
        this.#observe({ kind: 'calibrated', workload: workload.name, slowestRps, ratesRps });
      }
      groups.push({ workload: workload.name, stacks: stacks.map(({ name }) => name), loads });
    }
    return groups;
  }

  /** @returns requests per second, or null when no stack of the group could be started */
  async #slowest(workload: Workload, stacks: readonly Stack[]): Promise<number | null> {
    const capacitiesRps: number[] = [];
    for (const stack of stacks) {
      this.#observe({ kind: 'calibrating', workload: workload.name, stack: stack.name });
      await this.#withStack(workload.name, stack, async (running) => {
        capacitiesRps.push(await measureCapacity(this.#plan, running, stack.adapter, this.#signal));
      });
    }
    return capacitiesRps.length === 0 ? null : Math.min(...capacitiesRps);
  }

  async #turn(turn: StackTurn): Promise<void> {
    const workload = this.#plan.workloads.find(({ name }) => name === turn.workload);
    const stack = workload?.stacks.find(({ name }) => name === turn.stack);
    const reference = this.#references.get(turn.workload);
    if (stack === undefined || reference === undefined) return;
    const window = this.#windowOf(stack, reference);
    await this.#withStack(turn.workload, stack, async (running) => {
      this.#journal.started(turn.workload, turn.stack, running);
      if (!stack.unchecked) {
        const golden = await checkTurn(stack, running.predictUrl, reference, this.#signal);
        this.#journal.golden(turn.workload, turn.stack, golden);
        this.#observe({ kind: 'golden', turn, result: golden });
      }
      if (turn.repeat === 0) {
        const unseen = probeImages(window.images).map(({ path }) => path);
        const probe = await probeCache(running.predictUrl, stack.adapter, unseen, this.#signal);
        if (probe !== null) this.#journal.cacheProbe(turn.workload, turn.stack, probe);
      }
      for (const load of turn.loads) {
        this.#signal.throwIfAborted();
        const point = await measurePoint({ ...window, turn, load, running }, this.#observe, this.#signal);
        if (point === null) return;
        this.#journal.point(point);
        await this.#journal.write();
        if (!running.alive()) throw died(stack, running);
      }
    });
  }

  /** What all windows against a stack have in common. */
  #windowOf({ adapter, unchecked }: Stack, { expectedClasses }: Reference) {
    const images = this.#plan.corpus.images.map(({ path }, index) => ({
      path,
      expectedClass: unchecked ? null : (expectedClasses[index] ?? null),
    }));
    return { plan: this.#plan, adapter, images, fastestSpinMs: this.#fastestSpinMs, redo: this.#redo };
  }

  /** Starts a stack, lends it out, and stops it whatever happens. A stack's own failure is noted, not thrown. */
  async #withStack(
    workload: string,
    stack: Stack,
    use: (running: RunningStack) => Promise<void>,
  ): Promise<void> {
    const key = `${workload} ${stack.name}`;
    if (this.#failed.has(key)) return;
    const { cores } = this.#plan;
    try {
      const running = await stack.start(cores.pinned ? cores.server : null, this.#signal);
      try {
        await use(running);
      } catch (error) {
        throw this.#signal.aborted ? error : causeIn(stack, running, error);
      } finally {
        const left = await running.stop();
        if (left.length > 0) this.#observe({ kind: 'left-behind', stack: stack.name, left });
      }
    } catch (error) {
      if (!(error instanceof StackFailure) || this.#signal.aborted) throw error;
      this.#failed.add(key);
      this.#journal.failed(workload, stack.name, error.message, error.logTail);
      await this.#journal.write();
      this.#observe({
        kind: 'stack-failed',
        stack: stack.name,
        message: error.message,
        logTail: error.logTail,
      });
    }
  }
}

const died = ({ name }: Stack, running: RunningStack): StackFailure =>
  new StackFailure(`${name} died while it was measured`, running.logTail());

/** What goes wrong because the stack is dead, or cannot be reached, is its own failure and not the run's. */
function causeIn(stack: Stack, running: RunningStack, error: unknown): unknown {
  if (error instanceof StackFailure) return error;
  if (!running.alive()) return died(stack, running);
  return error instanceof UserError
    ? new StackFailure(`${stack.name}: ${error.message}`, running.logTail())
    : error;
}

/** A server of the user's own that does not tell its runtime meets the rates of those in ONNX Runtime. */
function groupsOf(stacks: readonly Stack[]): Stack[][] {
  const groups = new Map<string, Stack[]>();
  for (const stack of stacks) {
    const runtime = stack.runtime === UNKNOWN_RUNTIME ? PHOTOGRAPHS.runtime : stack.runtime;
    const key = `${runtime} ${stack.precision}`;
    groups.set(key, [...(groups.get(key) ?? []), stack]);
  }
  return [...groups.values()];
}
