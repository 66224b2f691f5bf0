import type { LoadProfile } from '@servelab/core';
import { expectedBetween, profilePieces } from './rate-profile.js';

/** A stretch of the measured part, in seconds from its start. */
export interface PlannedWindow {
  readonly fromS: number;
  readonly toS: number;
  /** Mean of the profile; null where nobody planned one. */
  readonly plannedRps: number | null;
}

const RAMP_WINDOWS = 5;
/** A soak's or a trace's: enough for a test of slope, and each a tenth of the requests. */
const LONG_WINDOWS = 10;

/** The stretches that a result is shown by: the levels of steps and spikes, and equal parts of everything else. */
export function profileWindows(rateRps: number, profile: LoadProfile, durationS: number): PlannedWindow[] {
  switch (profile.shape) {
    case 'soak':
      return equalParts(LONG_WINDOWS, durationS, () => rateRps);
    case 'replay':
      return equalParts(LONG_WINDOWS, durationS, () => null);
    case 'ramp': {
      const pieces = profilePieces(rateRps, profile, durationS);
      return equalParts(
        RAMP_WINDOWS,
        durationS,
        (from, to) => expectedBetween(pieces, from, to) / (to - from),
      );
    }
    case 'step':
    case 'spike':
      return profilePieces(rateRps, profile, durationS).map(({ fromS, toS, fromRps }) => ({
        fromS,
        toS,
        plannedRps: fromRps,
      }));
  }
}

function equalParts(
  count: number,
  durationS: number,
  plannedRps: (fromS: number, toS: number) => number | null,
): PlannedWindow[] {
  return Array.from({ length: count }, (_, i) => {
    const [fromS, toS] = [(durationS * i) / count, (durationS * (i + 1)) / count];
    return { fromS, toS, plannedRps: plannedRps(fromS, toS) };
  });
}
