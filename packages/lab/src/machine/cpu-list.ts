/**
 * Reads a Linux CPU list such as `0-3,8`: the cores that this process may run on.
 *
 * @returns core numbers, ascending; [] for an empty list
 */
export function parseCpuList(text: string): number[] {
  const cores = new Set<number>();
  for (const part of text.trim().split(',')) {
    if (part === '') continue;
    const [first, last = first] = part.split('-').map(Number);
    if (first === undefined || last === undefined) continue;
    for (let core = first; core <= last; core++) cores.add(core);
  }
  return [...cores].sort((a, b) => a - b);
}

/** Which cores the server and the client get. */
export type CorePlan =
  | { readonly pinned: true; readonly server: readonly number[]; readonly client: readonly number[] }
  | { readonly pinned: false; readonly reason: string };

/**
 * One core for the client (the lowest), one for the server (the highest): the seeds give each stack one CPU.
 * With a single core, or where cores cannot be pinned, nothing is pinned and the run says so.
 */
export function planCores(allowed: readonly number[], canPin: boolean): CorePlan {
  if (!canPin) return { pinned: false, reason: 'this system has no taskset to pin cores with' };
  const client = allowed.at(0);
  const server = allowed.at(-1);
  if (client === undefined || server === undefined || client === server) {
    return { pinned: false, reason: 'server and client cannot have a core each: only one core may be used' };
  }
  return { pinned: true, server: [server], client: [client] };
}
