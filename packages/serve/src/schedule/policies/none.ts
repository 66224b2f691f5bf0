import type { Policy } from '../policy.js';
import { takeWaiting } from './take-waiting.js';

/** One image at a time, as FastAPI serves: whenever a worker is free it gets the oldest image. */
export function none(): Policy {
  return {
    name: 'none',
    observe: () => {},
    decide: (view) =>
      takeWaiting(view, 1, () => ({ reason: 'a worker is free: one image at a time', rule: 'single' })),
  };
}
