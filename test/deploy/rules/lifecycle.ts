import { PEERS } from '@servelab/lab';
import type { Container } from '../kubernetes-object.js';
import { podsOf } from '../pods.js';
import { type Rule, unless } from './rule.js';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** What serves is asked whether it has started, can answer, and lives; at a port that has a name. */
export const servingPodsAreProbed: Rule = (objects) =>
  podsOf(objects)
    .filter(({ serving }) => serving)
    .flatMap(({ name, spec }) =>
      spec.containers.flatMap((container) => {
        const ports = container.ports?.map((port) => port.name) ?? [];
        return PROBES.flatMap((probe) => {
          const http = container[probe]?.httpGet;
          if (http === undefined) return [`${name} has no ${probe}`];
          return unless(
            typeof http.port === 'string' && ports.includes(http.port),
            `${name} has no port ${http.port}, which its ${probe} asks`,
          );
        });
      }),
    );

/** Nobody is killed while what was accepted is still being answered. */
export const podsEndInTime: Rule = (objects) =>
  podsOf(objects)
    .filter(({ serving }) => serving)
    .flatMap(({ name, spec }) => {
      const graceMs = (spec.terminationGracePeriodSeconds ?? 30) * 1000;
      const longestMs = Math.max(...spec.containers.map(drainMs));
      return unless(
        longestMs < graceMs,
        `${name} may take ${longestMs} ms to end and is killed after ${graceMs}`,
      );
    });

const DEFAULT_DRAIN_TIMEOUT_MS = 30_000;
/** As the lab's own default for a peer. */
const DEFAULT_STOP_MS = 5000;

/** The pause in which it serves on, and the longest that it may take after that. */
function drainMs({ image, args, lifecycle }: Container): number {
  const sleepMs = (lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000;
  if (image.startsWith('servelab/servelab:')) {
    const delayMs = numberAfter(args, '--drain-delay-ms') ?? 0;
    return sleepMs + delayMs + (numberAfter(args, '--drain-timeout-ms') ?? DEFAULT_DRAIN_TIMEOUT_MS);
  }
  const peer = PEERS.find(({ name }) => image.startsWith(`servelab/${name}:`));
  const stopMs = Object.values(peer?.forms ?? {}).map(({ stopGraceMs }) => stopGraceMs ?? DEFAULT_STOP_MS);
  return sleepMs + Math.max(DEFAULT_STOP_MS, ...stopMs);
}

function numberAfter(args: readonly string[] | undefined, flag: string): number | null {
  const value = args?.[args.indexOf(flag) + 1];
  return args?.includes(flag) && value !== undefined ? Number(value) : null;
}

/** Every stack serves on for a while after it was told to end: others hear of that later than it does. */
export const stacksPauseBeforeTheEnd: Rule = (objects) =>
  podsOf(objects)
    .filter(({ labels }) => labels['app.kubernetes.io/component'] === 'stack')
    .flatMap(({ name, spec }) =>
      spec.containers.flatMap(({ args, lifecycle }) =>
        unless(
          (lifecycle?.preStop?.sleep?.seconds ?? 0) > 0 || (numberAfter(args, '--drain-delay-ms') ?? 0) > 0,
          `${name} stops serving at once`,
        ),
      ),
    );
