/** Whether this is `make test-oracles`, which sets SERVELAB_ORACLES=long. */
export const isLong = process.env.SERVELAB_ORACLES === 'long';

/** How long, or how often, an oracle measures: short among all tests, long by themselves. The limits are the same. */
export const either = <T>(short: T, long: T): T => (isLong ? long : short);
