import type { Gate } from '@servelab/core';
import {
  CLIENT_UTILISATION_LIMIT,
  LAG_FLOOR_MS,
  LITTLE_TOLERANCE,
  sampleCount,
} from '../analyse/checks/point-checks.js';
import { loadLabel } from '../text/load-label.js';
import { busyShare } from './busy-share.js';
import type { ImportedLoad } from './imported-load.js';

const MEASURE_HERE = 'Measure with "servelab load", which keeps a record of every request.';

type Rule = Omit<Gate, 'where'>;

const UNCHECKED_CERTIFICATE: Rule = {
  rule: 'the certificate of the server is checked',
  value: 'INSECURE: not checked',
  limit: 'checked',
  ok: false,
  fix: 'Name its authority in NODE_EXTRA_CA_CERTS and leave --insecure out.',
};

/**
 * The rules of the lab held against a load of another tool. Most cannot be: aggregated figures do not say when a
 * single request was due, sent and answered. What cannot be judged counts as not kept, with no value.
 */
export function importedGates(load: ImportedLoad): Gate[] {
  const where = `${load.name} by ${load.tool}, ${loadLabel(load.load)}`;
  const rules: Rule[] = [
    unknown('every scheduled request is accounted for', 0),
    load.load.mode === 'open' ? sendsOnTime(load) : littlesLaw(load),
    timeToSpare(load),
    unknown('latency is steady, not drifting (change from first to last third beyond chance, %)', 10),
    enoughRequests(load),
    ...(load.point?.insecure === true ? [UNCHECKED_CERTIFICATE] : []),
  ];
  return rules.map((rule) => ({ ...rule, where }));
}

function unknown(rule: string, limit: Gate['limit']): Rule {
  return { rule, value: null, limit, ok: false, fix: MEASURE_HERE };
}

function sendsOnTime({ lagMs }: ImportedLoad): Rule {
  const rule = 'the client sends on time (lag p99, ms)';
  if (lagMs.p99 === null) return unknown(rule, LAG_FLOOR_MS);
  return {
    rule,
    value: lagMs.p99,
    limit: LAG_FLOOR_MS,
    ok: lagMs.p99 <= LAG_FLOOR_MS,
    fix: 'Give the client a core of its own, or lower the rate.',
  };
}

function littlesLaw(told: ImportedLoad): Rule {
  const rule = "Little's law: throughput x latency over concurrency";
  const limit = `1 +- ${LITTLE_TOLERANCE}`;
  const ratio = busyShare(told);
  if (ratio === null) return unknown(rule, limit);
  return {
    rule,
    value: ratio,
    limit,
    ok: Math.abs(ratio - 1) <= LITTLE_TOLERANCE,
    fix: 'The users were not waiting all the time: they paused, or the client was busy with something else.',
  };
}

function timeToSpare({ client }: ImportedLoad): Rule {
  const rule = 'the client has time to spare (utilisation)';
  if (client === null || client.busy === null) return unknown(rule, CLIENT_UTILISATION_LIMIT);
  const value = client.busy / client.cores;
  return {
    rule,
    value,
    limit: CLIENT_UTILISATION_LIMIT,
    ok: value < CLIENT_UTILISATION_LIMIT,
    fix: 'Lower the load, or give the client more processes and cores.',
  };
}

function enoughRequests({ load, timed }: ImportedLoad): Rule {
  return { ...sampleCount(timed, load.mode === 'open' ? 0.95 : 0.5), fix: 'Measure longer.' };
}
