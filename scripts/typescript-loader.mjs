// Lets Node run the TypeScript of test/ as it stands, for programs that are too long for a test:
// node --import ./scripts/typescript-loader.mjs FILE.ts. Types are checked by `tsc -p tsconfig.test.json`.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  inlineSourceMap: true,
};

// Node runs the hooks below in a thread of their own.
if (isMainThread) register(import.meta.url);

/**
 * Sources name each other as what they become: `./seed.js` is `./seed.ts`.
 *
 * @public a hook of Node
 */
export async function resolve(specifier, context, next) {
  const isOfTypeScript = context.parentURL?.endsWith('.ts') && specifier.startsWith('.');
  if (!isOfTypeScript || !specifier.endsWith('.js')) return await next(specifier, context);
  return await next(specifier.replace(/\.js$/, '.ts'), context).catch(() => next(specifier, context));
}

/** @public a hook of Node */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return await next(url, context);
  const fileName = fileURLToPath(url);
  const text = await readFile(fileName, 'utf8');
  const { outputText } = ts.transpileModule(text, { fileName, compilerOptions: OPTIONS });
  return { format: 'module', shortCircuit: true, source: outputText };
}
