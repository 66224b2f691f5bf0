import { attackSuite } from './attack-suite.js';
import { MIXTURE } from './http/mixture.js';

attackSuite('a server is as it was after', { attacks: [MIXTURE] });
