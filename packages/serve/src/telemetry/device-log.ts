import type { Logger } from 'pino';
import type { DeviceUse } from '../runtime/devices.js';

/**
 * Says aloud where the model does not run as it was asked for: on another device, or in part on the CPU. Each thing
 * once, since every worker finds the same.
 */
export function deviceLog(logger: Logger): (use: DeviceUse) => void {
  const said = new Set<string>();
  const warn = (facts: object, message: string) => {
    const line = JSON.stringify([facts, message]);
    if (said.has(line)) return;
    said.add(line);
    logger.warn(facts, message);
  };
  return ({ device: used, nodes, nodesOnCpu, unusable }) => {
    for (const { device, reason } of unusable) {
      warn({ device, reason, used }, `the device ${device} cannot be used, ${used} runs the model instead`);
    }
    if (nodesOnCpu > 0) {
      warn(
        { device: used, nodes, nodes_on_cpu: nodesOnCpu },
        `${used} leaves a part of the graph to the CPU`,
      );
    }
  };
}
