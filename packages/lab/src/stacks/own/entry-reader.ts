import { type UserError, usageError } from '@servelab/core';

/** Reads one entry of the section key by key; whatever it refuses is named with entry, key and fix. */
export class EntryReader {
  readonly #name: string;
  readonly #entry: Readonly<Record<string, unknown>>;

  /** @throws UserError (exit code 2) for an entry that is no mapping, or has a key that is not known */
  constructor(name: string, entry: unknown, keys: readonly string[]) {
    this.#name = name;
    if (!isMapping(entry)) {
      throw usageError(
        `stacks.${name} in the configuration file is not a mapping`,
        'Write "url: http://..." below the name, and what else is needed beside it.',
      );
    }
    this.#entry = entry;
    const unknown = Object.keys(entry).find((key) => !keys.includes(key));
    if (unknown !== undefined) throw this.refusal(unknown, 'is not known', `Use: ${keys.join(', ')}.`);
  }

  has(key: string): boolean {
    return this.#entry[key] !== undefined && this.#entry[key] !== null;
  }

  text(key: string): string | null {
    if (!this.has(key)) return null;
    const value = this.#entry[key];
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw this.refusal(
      key,
      `is ${JSON.stringify(value)}, which is not a string`,
      'Give a string, or leave it out.',
    );
  }

  choice<T extends string>(key: string, choices: readonly T[], otherwise: T): T {
    const value = this.text(key) ?? otherwise;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw this.refusal(key, `is "${value}"`, `Use one of: ${choices.join(', ')}.`);
  }

  /** A list of words as it stands; a line of text as the shell reads it. */
  command(key: string): string[] | null {
    const value = this.#entry[key];
    if (!Array.isArray(value)) {
      const line = this.text(key);
      return line === null ? null : ['sh', '-c', line];
    }
    const words = value.map(asWord);
    if (words.length > 0 && words.every((word) => word !== null && word !== '')) return words as string[];
    throw this.refusal(key, 'has an element that is not a string', 'Give a string, or a list of strings.');
  }

  /** Names and values of environment variables. */
  variables(key: string): Record<string, string> {
    if (!this.has(key)) return {};
    const value = this.#entry[key];
    if (!isMapping(value)) throw this.refusal(key, 'is not a mapping', 'Write "NAME: value" lines.');
    return Object.fromEntries(
      Object.entries(value).map(([name, raw]) => {
        const word = asWord(raw);
        if (word === null)
          throw this.refusal(`${key}.${name}`, 'is not a string', 'Give a string or a number.');
        return [name, word];
      }),
    );
  }

  refusal(key: string, what: string, fix: string): UserError {
    return usageError(`stacks.${this.#name}.${key} in the configuration file ${what}`, fix);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** YAML reads `8` and `true` as no strings; on a command line and in an environment they are. */
function asWord(value: unknown): string | null {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null;
}
