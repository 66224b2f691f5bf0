// Holds the pages to the words of docs/glossary.md and to American spelling: the patterns of .textlintrc.json, applied
// to prose only (code and links' targets are left alone). Exits with 1 where one is found. Made pages are left out: their
// words are corrected in what they are made from.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextlintKernel } from '@textlint/kernel';
import markdownPlugin from '@textlint/textlint-plugin-markdown';
import patternRule from '@textlint-rule/textlint-rule-pattern';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MADE = new Set(['docs/errors.md', 'docs/options.md', 'docs/results.md', 'docs/routes.md']);

const pagesIn = (folder, recursive) =>
  readdirSync(join(ROOT, folder), { recursive })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = [...pagesIn('.', false), ...pagesIn('docs', true), ...pagesIn('stacks', true)];

/** A module of CommonJS, as it is or wrapped once more. */
const moduleOf = (imported) => imported.default ?? imported;

const kernel = new TextlintKernel();
const { rules } = JSON.parse(readFileSync(join(ROOT, '.textlintrc.json'), 'utf8'));
const options = {
  ext: '.md',
  plugins: [{ pluginId: 'markdown', plugin: moduleOf(markdownPlugin) }],
  rules: [{ ruleId: 'pattern', rule: moduleOf(patternRule), options: rules['@textlint-rule/pattern'] }],
};

let found = 0;
for (const page of pages.filter((page) => !MADE.has(page))) {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const { messages } = await kernel.lintText(text, { ...options, filePath: page });
  for (const { loc, range, message } of messages) {
    console.log(`${page}:${loc.start.line}:${loc.start.column}: "${text.slice(...range)}": ${message}`);
    found++;
  }
}
console.log(`${found === 0 ? 'ok  ' : 'FAIL'} prose`);
process.exitCode = found === 0 ? 0 : 1;
