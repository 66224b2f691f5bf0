/** What the command line says of loads whose files do not say it. */
export interface GivenLoad {
  readonly users: number | null;
  readonly rateRps: number | null;
}
