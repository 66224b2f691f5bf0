export const US_PER_MS = 1000;
export const US_PER_S = 1_000_000;
export const MS_PER_S = 1000;

export const msToUs = (ms: number): number => ms * US_PER_MS;
export const usToMs = (us: number): number => us / US_PER_MS;
