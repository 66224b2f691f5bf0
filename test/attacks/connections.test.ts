import { attackSuite } from './attack-suite.js';
import { ATTACKS } from './http/all-attacks.js';

attackSuite('a server is as it was, and its other clients noticed nothing, after', {
  attacks: ATTACKS.connections,
});
