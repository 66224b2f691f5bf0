/** @returns null where the length is not known, or nothing was measured */
export const perSecond = (count: number, seconds: number | null): number | null =>
  seconds === null || seconds <= 0 ? null : count / seconds;
