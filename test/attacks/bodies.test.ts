import { attackSuite } from './attack-suite.js';
import { ATTACKS } from './http/all-attacks.js';

attackSuite('a server is as it was, and its event loop was free, after', {
  attacks: ATTACKS.bodies,
  // All turns together, each short (json-scanner.test.ts), of some 2 s at most on a busy core: a quadratic way through a
  // body takes hours.
  mostCpuS: 20,
});
