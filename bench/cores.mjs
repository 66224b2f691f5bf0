/** A core each for the server and the client of a bench. */
export const SERVER_CPU = '0';
export const CLIENT_CPU = '1';
export const BOTH_CPUS = `${SERVER_CPU},${CLIENT_CPU}`;
