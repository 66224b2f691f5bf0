import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { decodeText, environmentError, usageError } from '@servelab/core';
import { errorCode } from '@servelab/node';

const DEFAULT_FILE = 'servelab.yaml';

/** What the configuration file says; nothing where the default file does not exist. */
export interface ConfigFile {
  /** Where it lies: relative paths in it start here. */
  readonly folder: string;
  /**
   * One section of it, {} where it is missing.
   *
   * @throws UserError (exit code 2) for a section that is no mapping
   */
  section(name: string): Record<string, unknown>;
}

/** @throws UserError (exit code 3) for a file that cannot be read, (exit code 2) for one that is no YAML mapping */
export async function readConfigFile(path: string | undefined): Promise<ConfigFile> {
  const document = await readDocument(path);
  const file = path ?? DEFAULT_FILE;
  return {
    folder: dirname(resolve(file)),
    section(name) {
      const section = document[name];
      return section === undefined || section === null
        ? {}
        : requireMapping(section, `section "${name}" of ${file}`);
    },
  };
}

async function readDocument(path: string | undefined): Promise<Record<string, unknown>> {
  const file = path ?? DEFAULT_FILE;
  let text: string;
  try {
    text = decodeText(await readFile(file));
  } catch (error) {
    const code = errorCode(error);
    if (path === undefined && code === 'ENOENT') return {};
    throw environmentError(
      `the configuration file ${file} cannot be read (${code})`,
      'Name a readable YAML file with --config, or leave the flag out.',
      error,
    );
  }
  return requireMapping((await parseFile(text, file)) ?? {}, file);
}

async function parseFile(text: string, file: string): Promise<unknown> {
  // Most command lines have no file: the parser is loaded where there is one.
  const { parseYaml } = await import('@servelab/core/parse-yaml');
  try {
    return parseYaml(text);
  } catch (error) {
    throw usageError(`${file} is not valid YAML: ${(error as Error).message}`, 'Correct that line.');
  }
}

function requireMapping(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw usageError(`${what} is not a mapping`, 'Write "name: value" lines, one option each.');
}
