import type { Random } from '@servelab/core';
import { ask } from './victim/exchange.js';
import { RawConnection as Connection, type RawConnection } from './victim/raw-connection.js';
import type { Victim } from './victim/victim.js';

export interface Battlefield {
  readonly port: number;
  readonly random: Random;
  /** Other attacks go on as well: being refused for want of room is right then. */
  readonly isBusy: boolean;
}

export interface Attack {
  readonly name: string;
  /** Statuses that neighbours may get while it goes on, beside 200. */
  readonly neighbours?: readonly number[];
  /** Ends once the attack is over and its connections are closed, or are no business of the attacker any more. */
  run(field: Battlefield): Promise<readonly string[]>;
}

/** What those are told for whom there is no room, or no time: a server that is kept busy reads heads late. */
export const NO_ROOM: readonly number[] = [408, 429, 503];
export const NOTHING_WRONG: readonly string[] = [];

/**
 * Attacks while a neighbour asks for predictions, one after the other.
 *
 * @returns what was wrong in the meantime and afterwards, in words; [] for a server that withstood it
 */
export async function attacked(victim: Victim, attack: Attack, random: Random): Promise<string[]> {
  let isOver = false;
  const neighbour = complaintsOfNeighbour(victim, attack.neighbours ?? [], () => isOver);
  const field = { port: victim.port, random, isBusy: false };
  const found = await attack.run(field).catch((error: Error) => [String(error.stack)]);
  isOver = true;
  const all = [...found, ...(await neighbour), ...(await victim.complaints())];
  return [...new Set(all)].map((words) => `${attack.name}: ${words}`);
}

async function complaintsOfNeighbour(
  victim: Victim,
  allowed: readonly number[],
  isOver: () => boolean,
): Promise<string[]> {
  const found = new Map<string, number>();
  const complain = (words: string) => found.set(words, (found.get(words) ?? 0) + 1);
  do {
    try {
      const { answer, isRight } = await victim.predict();
      if (!isRight && !allowed.includes(answer.status)) {
        complain(`a neighbour was answered ${answer.status} ${answer.text.slice(0, 120)}`);
      }
    } catch (error) {
      complain(`a neighbour was not answered: ${(error as Error).message}`);
    }
  } while (!isOver() && victim.isRunning);
  return [...found].map(([words, times]) => `${words} (${times} times)`);
}

/** Opens connections for as long as `use` needs them. */
export async function onConnections(
  port: number,
  count: number,
  use: (connections: readonly RawConnection[]) => Promise<void>,
  options?: { reads?: boolean },
): Promise<void> {
  const connections = await Connection.openMany(port, count, options);
  try {
    await use(connections);
  } finally {
    for (const connection of connections) connection.destroy();
  }
}

/** What the server says of itself meanwhile: it has taken in everything that was sent to it before. */
export const roundTrip = async (port: number): Promise<number> =>
  (await ask(port, { path: '/livez' })).status;
