import { z } from 'zod';

/** What is wrong with a document that could not be parsed, in words: of many faults the first, with its place. */
export function firstFault(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') || 'the document'}: ${issue?.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
