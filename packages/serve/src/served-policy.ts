import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentError, usageError } from '@servelab/core';
import { createPolicy, isPolicyName, POLICY_NAMES, type PolicyOptions } from './schedule/policies/index.js';
import type { Policy } from './schedule/policy.js';

const TEMPLATE = 'examples/my-policy.mjs is one to start from.';

/**
 * The policy that the options name: a built-in one, or the one that a module makes. The module's default export is a
 * function of {@link PolicyOptions} that returns a {@link Policy}.
 *
 * @throws UserError (exit code 2) for a name that does not exist or a module that makes no policy, (exit code 3)
 *   for a module that cannot be loaded
 */
export async function preparePolicy(options: PolicyOptions & { readonly policy: string }): Promise<Policy> {
  const name = options.policy;
  if (isPolicyName(name)) return createPolicy(name, options);
  if (!isModule(name)) {
    throw usageError(
      `there is no policy "${name}"`,
      `Name one of ${POLICY_NAMES.join(', ')}, or the path of a module, such as ./mine.mjs.`,
    );
  }
  const factory = await load(name);
  if (typeof factory !== 'function') {
    throw usageError(`${name} does not export a function as its default`, TEMPLATE);
  }
  const policy: unknown = factory(options);
  if (!isPolicy(policy)) {
    throw usageError(`${name} makes no policy: it needs name, observe and decide`, TEMPLATE);
  }
  return policy;
}

const isModule = (name: string): boolean => /[/\\]|\.[mc]?[jt]s$/.test(name);

async function load(path: string): Promise<unknown> {
  try {
    return ((await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }).default;
  } catch (error) {
    throw environmentError(
      `the policy ${path} cannot be loaded: ${(error as Error).message}`,
      TEMPLATE,
      error,
    );
  }
}

function isPolicy(value: unknown): value is Policy {
  if (typeof value !== 'object' || value === null) return false;
  const { name, observe, decide } = value as Partial<Record<keyof Policy, unknown>>;
  return typeof name === 'string' && typeof observe === 'function' && typeof decide === 'function';
}
