/**
 * What a peer truly cannot offer, with the reason: by stack, then by the name of the case. Such a case still
 * runs: it is skipped with this reason while it fails, and fails once it works, so that no exception outlives
 * its reason.
 */
export const PEER_LIMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
