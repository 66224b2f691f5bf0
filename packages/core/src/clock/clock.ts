/** Monotonic time in microseconds from an arbitrary start. A parameter everywhere, so that tests own time. */
export type NowUs = () => number;

/** The process's monotonic clock; the same time base in every process of one machine (CLOCK_MONOTONIC). */
export const monotonicNowUs: NowUs = () => Number(process.hrtime.bigint() / 1000n);
