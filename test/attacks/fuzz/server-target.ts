import { Agent } from 'node:http';
import type { Random } from '@servelab/core';
import { type Answer, ask, type Question } from '../victim/exchange.js';
import type { Victim } from '../victim/victim.js';
import type { FuzzInput, FuzzTarget } from './fuzz-target.js';
import { sharedVictim } from './shared-victim.js';

export interface ServerTarget {
  readonly name: string;
  readonly atOnce: number;
  make(random: Random): FuzzInput | Promise<FuzzInput>;
  check(input: FuzzInput, server: ServerUnderFuzz): Promise<string | null>;
}

export interface ServerUnderFuzz {
  readonly victim: Victim;
  /** To /predict, on one of some kept connections. */
  post(question: Omit<Question, 'method' | 'path'>): Promise<Answer>;
}

/** A target that is a running server; whatever it is sent, it is as it was afterwards. */
export function serverTarget({ name, atOnce, make, check }: ServerTarget): FuzzTarget {
  return {
    name,
    open: async () => {
      await sharedVictim.join();
      let agent = new Agent({ keepAlive: true, maxSockets: atOnce });
      return {
        atOnce,
        make,
        async check(input) {
          const victim = await sharedVictim.get();
          const post: ServerUnderFuzz['post'] = (question) =>
            ask(victim.port, { method: 'POST', path: '/predict', ...question }, agent);
          return await check(input, { victim, post });
        },
        async wellAfter() {
          agent.destroy();
          agent = new Agent({ keepAlive: true, maxSockets: atOnce });
          const victim = await sharedVictim.get();
          const found = await victim.complaints();
          if (found.length === 0) {
            const lost = await victim.lostWorkers();
            if (lost > 0) found.push(`${lost} workers were lost`);
          }
          if (found.length > 0) await sharedVictim.renew();
          return found;
        },
        async state() {
          const { peakMib } = await sharedVictim.get();
          return `server's peak ${peakMib.toFixed(0)} MiB`;
        },
        async close() {
          agent.destroy();
          await sharedVictim.leave();
        },
      };
    },
  };
}
