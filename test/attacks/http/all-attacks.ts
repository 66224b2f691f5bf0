import { BROKEN_CONNECTIONS } from './broken-connections.js';
import { ENDLESS_HEADS } from './endless-heads.js';
import { IMAGE_BOMB_ATTACKS } from './image-bomb-attacks.js';
import { LARGE_BODY_ATTACKS } from './large-body-attacks.js';
import { SLOW_CLIENTS } from './slow-clients.js';
import { UNREAD_ANSWERS } from './unread-answers.js';

/** By what they attack. */
export const ATTACKS = {
  connections: [...SLOW_CLIENTS, ...ENDLESS_HEADS, ...UNREAD_ANSWERS, ...BROKEN_CONNECTIONS],
  bodies: LARGE_BODY_ATTACKS,
  images: IMAGE_BOMB_ATTACKS,
} as const;
