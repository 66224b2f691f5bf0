import { readFile } from 'node:fs/promises';
import { decodeText, environmentError, usageError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import { z } from 'zod';
import { denseCosts, type MeasuredCosts } from './cost-curve.js';
import type { Poison } from './model-runtime.js';

/** What a batch costs on some runtime; the simulated runtime takes this long and no longer. */
export interface CostTable {
  readonly name: string;
  /** `cpu`: the core is busy meanwhile, as in a Keras call; `device`: the core is free, as with a GPU. */
  readonly occupies: 'cpu' | 'device';
  /** Milliseconds of a batch of n at index n - 1. */
  readonly costMs: readonly number[];
  /** An image that makes the worker fail. */
  readonly poison?: Poison;
}

/** MobileNetV2 1.0/224, one batch on one core of a 2-core Xeon VM with AVX512-VNNI, milliseconds. */
const MEASURED: Readonly<Record<string, MeasuredCosts>> = {
  'keras-predict': { 1: 104, 2: 104, 4: 188, 8: 184, 16: 349 },
  'tf-function': { 1: 15.8, 2: 28.8, 4: 54.7, 8: 114, 16: 230 },
  'ort-f32': { 1: 6.5, 2: 13.4, 4: 27.8, 8: 58, 16: 121 },
  'ort-int8': { 1: 3.6, 2: 6.9, 4: 13.8, 8: 27.9, 16: 55.5 },
};

export const COST_TABLE_NAMES: readonly string[] = Object.keys(MEASURED);

const FIX = `Name one of ${COST_TABLE_NAMES.join(', ')}, or a JSON file such as {"name": "mine", "occupies": "cpu", "batch_ms": {"1": 104, "8": 184}}.`;

const byte = z.int().min(0).max(255);
const costFile = z.strictObject({
  name: z.string().min(1),
  occupies: z.enum(['cpu', 'device']),
  batch_ms: z
    .record(z.string().regex(/^[1-9]\d{0,3}$/, 'is not a batch size from 1 to 9999'), z.number().positive())
    .refine((sizes) => '1' in sizes, 'has no cost for a batch of 1'),
  poison: z
    .strictObject({ rgb: z.tuple([byte, byte, byte]), how: z.enum(['throw', 'exit', 'hang']) })
    .optional(),
});

/**
 * @param nameOrPath a built-in table by name, or a JSON file
 * @throws UserError (exit code 3) for a file that cannot be read, (exit code 2) for one that is no cost table
 */
export async function readCostTable(nameOrPath: string): Promise<CostTable> {
  const builtIn = Object.hasOwn(MEASURED, nameOrPath) ? MEASURED[nameOrPath] : undefined;
  if (builtIn !== undefined) return { name: nameOrPath, occupies: 'cpu', costMs: denseCosts(builtIn) };

  let text: string;
  try {
    text = decodeText(await readFile(nameOrPath));
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(`the cost table ${nameOrPath} cannot be read (${code})`, FIX, error);
  }
  return parseCostTable(text, nameOrPath);
}

function parseCostTable(text: string, path: string): CostTable {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw usageError(`the cost table ${path} is not JSON: ${(error as Error).message}`, FIX);
  }
  const { success, data, error } = costFile.safeParse(document);
  if (!success) {
    const issue = error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'the object' : issue.path.join('.');
    throw usageError(`the cost table ${path} is wrong at ${where}: ${issue?.message}`, FIX);
  }
  const { name, occupies, batch_ms, poison } = data;
  return { name, occupies, costMs: denseCosts(batch_ms), ...(poison === undefined ? {} : { poison }) };
}
