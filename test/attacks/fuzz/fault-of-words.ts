import { EXIT } from '@servelab/core';
import type { WatchedEnd } from './watched-command.js';

/** All but line ends and tabs; those beyond ASCII too, for terminals obey them as well. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
const FOR_PROGRAMMERS = /\n\s+at .*[(/]|node:internal|Unhandled|\(node:\d+\)/;

/**
 * What a command must not say, however it ended: a stack trace or a warning of Node’s, an error without a fix, control
 * characters.
 */
export function faultOfWords({
  code,
  stdout,
  stderr,
}: Pick<WatchedEnd, 'code' | 'stdout' | 'stderr'>): string | null {
  const said = `${stdout}\n${stderr}`;
  if (FOR_PROGRAMMERS.test(said)) return `words of Node for programmers: ${said.slice(-600)}`;
  const control = CONTROL.exec(said);
  if (control !== null) {
    const around = said.slice(Math.max(0, control.index - 60), control.index + 20);
    return `a control character on the terminal: ${JSON.stringify(around)}`;
  }
  const isUserError = code === EXIT.usage || code === EXIT.environment;
  if (isUserError && !/^error: .+\nfix: .+/m.test(stderr))
    return `an error without a fix: ${stderr.slice(-300)}`;
  return null;
}
