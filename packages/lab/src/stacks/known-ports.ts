import { REGISTRY } from '../peers/registry.js';

/** A stack at the port that the seeds (or we) gave it. */
export interface KnownPort {
  readonly name: string;
  readonly port: number;
}

export const KNOWN_PORTS: readonly KnownPort[] = [REGISTRY.servelab, ...REGISTRY.frameworks].map(
  ({ name, port }) => ({ name, port }),
);

/** The address of a known port on this machine. */
export const addressOf = ({ port }: KnownPort): string => `http://127.0.0.1:${port}`;
