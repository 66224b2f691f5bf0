import { Victim } from '../victim/victim.js';

/** One server for all targets that are one: they take turns, and several would take the memory of several. */
class SharedVictim {
  #victim: Promise<Victim> | null = null;
  #users = 0;

  async join(): Promise<void> {
    this.#users++;
    this.#victim ??= Victim.start();
    await this.#victim;
  }

  get(): Promise<Victim> {
    if (this.#victim === null) throw new Error('nobody has joined');
    return this.#victim;
  }

  /** In place of one that is not well any more. */
  async renew(): Promise<void> {
    const broken = await this.get();
    await broken.stop();
    this.#victim = Victim.start();
    await this.#victim;
  }

  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    const victim = this.#victim;
    this.#victim = null;
    await (await victim)?.stop();
  }
}

export const sharedVictim = new SharedVictim();
