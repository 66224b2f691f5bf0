/** From the simplest to ours. */
export const SERVELAB_POLICIES = ['none', 'greedy', 'fixed-window', 'slo-adaptive', 'optimal'] as const;
export type ServelabPolicy = (typeof SERVELAB_POLICIES)[number];

/** What is compared when nothing is said: our own server, one policy after the other. */
export const SERVELAB_STACKS = SERVELAB_POLICIES.map((policy) => `servelab:${policy}`);
