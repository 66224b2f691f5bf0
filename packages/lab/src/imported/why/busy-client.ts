import { CLIENT_UTILIZATION_LIMIT } from '../../analyse/checks/point-checks.js';
import { digits, shareWords } from '../../text/figure-words.js';
import type { ImportedLoad } from '../imported-load.js';
import { perSecond } from '../per-second.js';
import { type Cause, loadName } from './finding.js';

/** A client without time to spare measures itself: it sends late and reads late. */
export const busyClient: Cause = (loads) => {
  const noted = loads.filter(({ client }) => client !== null && client.busy !== null);
  return {
    cause: 'The client is the bottleneck',
    applies: noted.length === 0 ? null : noted.some((one) => utilisation(one) >= CLIENT_UTILIZATION_LIMIT),
    evidence: loads.map(sentence),
  };
};

const utilisation = ({ client }: ImportedLoad): number => (client?.busy ?? 0) / (client?.cores ?? 1);

function sentence(one: ImportedLoad): string {
  const { client, tool, counts, measuredS } = one;
  if (tool === 'servelab')
    return `${loadName(one)}: judged by its own verdict (utilisation below ${CLIENT_UTILIZATION_LIMIT}).`;
  if (client === null || client.busy === null) {
    return `${loadName(one)}: its files do not say what the client's processor did; "make ${tool}" notes it.`;
  }
  const perS = perSecond(counts.scheduled, measuredS) ?? 0;
  const each = perS === 0 ? '' : `, ${digits((1000 * client.busy) / perS)} ms of CPU a request`;
  return `${loadName(one)}: busy for ${shareWords(utilisation(one))} of the ${client.cores} ${client.cores === 1 ? 'core' : 'cores'} it can use${each}.`;
}
