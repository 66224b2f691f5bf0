import type { LoadProfile } from '@servelab/core';

/** A profile whose rate changes by a rule: not a soak, whose rate stays, nor a trace, which has none. */
export type RateProfile = Exclude<LoadProfile, { shape: 'soak' | 'replay' }>;

/** A stretch in which the rate is a straight line over time; requests per second. */
export interface RatePiece {
  readonly fromS: number;
  readonly toS: number;
  readonly fromRps: number;
  readonly toRps: number;
}

/** rate(t) of a profile that starts at `rateRps` and lasts `durationS`: pieces without gaps, from 0. */
export function profilePieces(rateRps: number, profile: RateProfile, durationS: number): RatePiece[] {
  const level = (fromS: number, toS: number, rps: number): RatePiece => ({
    fromS,
    toS,
    fromRps: rps,
    toRps: rps,
  });
  switch (profile.shape) {
    case 'step': {
      const { to_rps, steps } = profile;
      const rise = (to_rps - rateRps) / (steps - 1);
      return Array.from({ length: steps }, (_, i) =>
        level((durationS * i) / steps, (durationS * (i + 1)) / steps, rateRps + i * rise),
      );
    }
    case 'ramp':
      return [{ fromS: 0, toS: durationS, fromRps: rateRps, toRps: profile.to_rps }];
    case 'spike': {
      const startS = (durationS - profile.spike_s) / 2;
      const endS = startS + profile.spike_s;
      return [
        level(0, startS, rateRps),
        level(startS, endS, profile.to_rps),
        level(endS, durationS, rateRps),
      ];
    }
  }
}

/** Requests expected between two moments: the integral of rate(t), a trapezium a piece. */
export function expectedBetween(pieces: readonly RatePiece[], fromS: number, toS: number): number {
  return pieces.reduce((sum, piece) => {
    const start = Math.max(fromS, piece.fromS);
    const end = Math.min(toS, piece.toS);
    return end <= start ? sum : sum + ((rateIn(piece, start) + rateIn(piece, end)) / 2) * (end - start);
  }, 0);
}

const rateIn = ({ fromS, toS, fromRps, toRps }: RatePiece, atS: number): number =>
  fromRps + ((toRps - fromRps) * (atS - fromS)) / (toS - fromS);
