/** The borders of a run on the clock. */
export interface RunWindow {
  readonly startedUs: number;
  readonly measuredFromUs: number;
  readonly endUs: number;
}
