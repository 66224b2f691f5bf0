import { attackSuite } from './attack-suite.js';
import { ATTACKS } from './http/all-attacks.js';

attackSuite('a server is as it was, and its event loop was free, after', {
  attacks: ATTACKS.bodies,
  // Ten times what any body of 16 MiB may hold it up for: only what takes the wrong way through a body needs more.
  mostCpuS: 0.6,
});
