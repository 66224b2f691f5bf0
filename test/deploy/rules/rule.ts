import type { KubernetesObject } from '../kubernetes-object.js';

/** What is wrong with the objects of a cluster, in words that name the one that is meant; [] when nothing is. */
export type Rule = (objects: readonly KubernetesObject[]) => string[];

/** The complaint where something is wrong, none where it is not. */
export const unless = (right: boolean, complaint: string): string[] => (right ? [] : [complaint]);
