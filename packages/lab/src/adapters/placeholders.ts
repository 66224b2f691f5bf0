import { usageError } from '@servelab/core';

/** What may stand for an image in a body template or a URL, and how each is worked out when it is needed. */
export type PlaceholderValues = Readonly<Record<string, () => string>>;

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

export const hasPlaceholder = (text: string): boolean => text.search(PLACEHOLDER) !== -1;

/**
 * Replaces each `{{name}}`.
 *
 * @throws UserError (exit code 2) for a name that has no value
 */
export function fillPlaceholders(text: string, values: PlaceholderValues): string {
  return text.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    const key = name.trim();
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) return value();
    const known = Object.keys(values).map((one) => `{{${one}}}`);
    throw usageError(`${placeholder} stands for nothing`, `Use ${known.join(', ')}.`);
  });
}
