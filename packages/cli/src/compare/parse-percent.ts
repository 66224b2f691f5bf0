import { usageError } from '@servelab/core';

/**
 * `5%`, `5 %` or `5`.
 *
 * @throws UserError (exit code 2) that names the option
 */
export function parsePercent(option: string, text: string): number {
  const number = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim())?.[1];
  if (number !== undefined) return Number(number);
  throw usageError(`${option} is "${text}"`, 'Give per cent, 0 or more, such as 5%.');
}
