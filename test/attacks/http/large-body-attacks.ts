import { type Attack, NO_ROOM } from '../attack.js';
import { CODED_BOMBS, LARGE_FORMS, LARGE_JSON } from './large-bodies.js';
import { sendBody } from './send-body.js';

/** Bodies of the largest size that is allowed, one after the other. */
export const LARGE_BODY_ATTACKS: readonly Attack[] = [...LARGE_JSON, ...LARGE_FORMS, ...CODED_BOMBS].map(
  (body) => ({
    name: body.name,
    run: async ({ port, isBusy }) => {
      const fault = await sendBody(port, body, isBusy ? NO_ROOM : []);
      return fault === null ? [] : [fault];
    },
  }),
);
