import { usageError } from '@servelab/core';

/** `NAME[/form][:policy][@precision]` taken apart, defaults filled in. */
export interface StackName {
  /** As it stands in `report.json`: the shortest spelling that says everything that is not a default. */
  readonly name: string;
  readonly family: 'servelab';
  readonly form: string;
  readonly policy: string;
  readonly precision: 'f32' | 'int8';
}

const SYNTAX = /^(?<family>[a-z]+)(?:\/(?<form>[a-z]+))?(?::(?<policy>[^@]+))?(?:@(?<precision>\w+))?$/;
const PRECISIONS = ['f32', 'int8'] as const;
const SERVELAB_POLICIES = ['none', 'greedy', 'fixed-window'] as const;
const DEFAULT_POLICY = 'greedy';

/**
 * @throws UserError (exit code 2) that names the part that is not understood and what may stand there
 */
export function parseStackName(text: string): StackName {
  const groups = SYNTAX.exec(text)?.groups;
  if (groups === undefined) {
    throw usageError(
      `"${text}" is not the name of a stack`,
      'Write NAME[/form][:policy][@precision], for example servelab:none@int8.',
    );
  }
  const { family, form, policy = DEFAULT_POLICY, precision = 'f32' } = groups;
  if (family !== 'servelab') {
    throw usageError(`there is no stack "${family}" in "${text}"`, 'Use servelab:POLICY.');
  }
  if (form !== undefined) {
    throw usageError(`servelab has no forms, but "${text}" asks for "${form}"`, 'Leave the /form out.');
  }
  if (!(SERVELAB_POLICIES as readonly string[]).includes(policy)) {
    throw usageError(
      `there is no policy "${policy}" in "${text}"`,
      `Use one of: ${SERVELAB_POLICIES.join(', ')}.`,
    );
  }
  if (!isPrecision(precision)) {
    throw usageError(
      `there is no precision "${precision}" in "${text}"`,
      `Use one of: ${PRECISIONS.join(', ')}.`,
    );
  }
  const name = `servelab:${policy}${precision === 'f32' ? '' : `@${precision}`}`;
  return { name, family, form: '', policy, precision };
}

function isPrecision(value: string): value is (typeof PRECISIONS)[number] {
  return (PRECISIONS as readonly string[]).includes(value);
}
