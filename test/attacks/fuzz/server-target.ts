import { Agent } from 'node:http';
import type { Random } from '@servelab/core';
import { type Answer, ask, type Question } from '../victim/exchange.js';
import { Victim } from '../victim/victim.js';
import type { FuzzInput, FuzzTarget } from './fuzz-target.js';

export interface ServerTarget {
  readonly name: string;
  readonly atOnce: number;
  make(random: Random): FuzzInput | Promise<FuzzInput>;
  check(input: FuzzInput, server: ServerUnderFuzz): Promise<string | null>;
}

export interface ServerUnderFuzz {
  readonly port: number;
  /** On one of some kept connections. */
  post(question: Omit<Question, 'method' | 'path'>): Promise<Answer>;
}

/** A target that is a running server; whatever is sent, it is as it was afterwards. */
export function serverTarget({ name, atOnce, make, check }: ServerTarget): FuzzTarget {
  return {
    name,
    open: async () => {
      let victim = await Victim.start();
      const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
      const server: ServerUnderFuzz = {
        get port() {
          return victim.port;
        },
        post: (question) => ask(victim.port, { method: 'POST', path: '/predict', ...question }, agent),
      };
      return {
        atOnce,
        make,
        check: (input) => check(input, server),
        async wellAfter() {
          agent.destroy();
          const found = await victim.complaints();
          if (victim.isRunning && found.length === 0) {
            const lost = await victim.lostWorkers();
            if (lost > 0) found.push(`${lost} workers were lost`);
          }
          if (found.length > 0) {
            await victim.stop();
            victim = await Victim.start();
          }
          return found;
        },
        state: () => (victim.isRunning ? `peak ${victim.peakMib.toFixed(0)} MiB` : 'ended'),
        async close() {
          agent.destroy();
          await victim.stop();
        },
      };
    },
  };
}
