import { BENTOML } from './bentoml.js';
import { FASTAPI } from './fastapi.js';
import { LITSERVE } from './litserve.js';
import type { Peer } from './peer.js';
import { RAY_SERVE } from './rayserve.js';

/** Every peer there is, in the order in which they are listed. */
export const PEERS: readonly Peer[] = [BENTOML, FASTAPI, RAY_SERVE, LITSERVE];
