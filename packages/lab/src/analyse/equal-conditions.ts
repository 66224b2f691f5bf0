import type { LoadGroup } from './compare-stacks.js';

/** What a stack runs the model on: stacks that differ in this differ in more than how they serve. */
interface Conditions {
  readonly name: string;
  readonly workload: string;
  readonly runtime: string;
  readonly precision: string;
  readonly device?: string | undefined;
}

/** Stacks of one workload with the same runtime, precision and device. */
export interface EqualStacks {
  /** `onnx f32`. */
  readonly words: string;
  readonly names: readonly string[];
}

/** The largest set first, in which the verdict is given; of equal ones that which was named first. */
export function equalStacks(stacks: readonly Conditions[], workload: string): EqualStacks[] {
  const sets = new Map<string, string[]>();
  for (const stack of stacks) {
    if (stack.workload !== workload) continue;
    const words = `${stack.runtime} ${stack.precision}${onDevice(stack)}`;
    sets.set(words, [...(sets.get(words) ?? []), stack.name]);
  }
  return [...sets]
    .map(([words, names]) => ({ words, names }))
    .sort((x, y) => y.names.length - x.names.length);
}

/** The groups without the stacks of other sets; those in which nobody is left are left out. */
export function groupsAmong(groups: readonly LoadGroup[], { names }: EqualStacks): LoadGroup[] {
  return groups
    .map((group) => ({ ...group, entries: group.entries.filter(({ stack }) => names.includes(stack)) }))
    .filter(({ entries }) => entries.length > 0);
}

/** The frameworks run on the CPU and do not tell: only another device is worth a word. */
const onDevice = ({ device = 'cpu' }: Conditions): string => (device === 'cpu' ? '' : ` on ${device}`);
