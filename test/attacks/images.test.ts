import { attackSuite } from './attack-suite.js';
import { ATTACKS } from './http/all-attacks.js';

attackSuite('a server is as it was, and its other clients were answered, after sixteen copies of a', {
  attacks: ATTACKS.images,
});
