import { type Report, visibleText } from '@servelab/core';

/** Six significant digits: more than any figure here can bear, and equal on every machine. */
export function reportJson(report: Report): string {
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  return `${visibleText(JSON.stringify(report, rounded, 2))}\n`;
}
