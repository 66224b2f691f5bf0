import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { marked, type Token, type Tokens } from 'marked';
import { CHECKOUT } from '../fixtures/checkout.js';

/** The pages of a folder, without those of its folders. */
const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(CHECKOUT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

/** What is written for people, as paths in the checkout. */
export const PAGES: readonly string[] = ['.', 'docs', 'docs/decisions'].flatMap(pagesIn);

/** A file of the checkout. */
export const textOf = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');

export const exists = (path: string): boolean => existsSync(join(CHECKOUT, path));

export const isFolder = (path: string): boolean => statSync(join(CHECKOUT, path)).isDirectory();

/** The blocks of a page, in order. */
export const blocksOf = (page: string): readonly Token[] => marked.lexer(textOf(page));

/** Everything in a page, what lies in blocks, lists and tables too. */
export function tokensOf(page: string): readonly Token[] {
  const found: Token[] = [];
  void marked.walkTokens(marked.lexer(textOf(page)), (token) => void found.push(token));
  return found;
}

/** What `#` can be followed by in a link to the page, as GitHub names its headings. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  return new Set(headingsOf(page).map((heading) => slugger.slug(heading)));
}

export const headingsOf = (page: string): readonly string[] =>
  blocksOf(page)
    .filter((token) => token.type === 'heading')
    .map((heading) => plainText(childrenOf(heading)));

/** What is in backticks. */
export function codeIn(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token) =>
    token.type === 'codespan' ? [(token as Tokens.Codespan).text] : codeIn(childrenOf(token)),
  );
}

/** Without marks. */
export const plainText = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => {
      const children = childrenOf(token);
      return children.length > 0 ? plainText(children) : 'text' in token ? token.text : '';
    })
    .join('');

const childrenOf = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);

/** Names that `make` takes. */
export const MAKE_TARGETS: ReadonlySet<string> = new Set(
  [...textOf('Makefile').matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name ?? ''),
);
