const LONG = process.env.SERVELAB_ORACLES === 'long';

/**
 * How long, or how often, an oracle measures: short among all tests, long in `make test-oracles`, which sets
 * SERVELAB_ORACLES=long. The limits are the same.
 */
export const either = <T>(short: T, long: T): T => (LONG ? long : short);

/**
 * For what is measured on the clock: noise of the machine may break it once or twice, a fault of the lab every time.
 * The long form has one try.
 */
export const ON_THE_CLOCK = { retry: either(2, 0) };
