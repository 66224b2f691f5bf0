import { basename, dirname, join, normalize } from 'node:path';
import type { Token, Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { commandLines, makeTargets, servelabCalls } from './commands.js';
import { unknownCommands, unknownTargets } from './known-commands.js';
import { anchorsOf, codeIn, exists, isFolder, PAGES, textOf, tokensOf } from './pages.js';
import { isInTree, isSourcePath } from './tree.js';

/** Languages of blocks that hold command lines; '' is a block without one. */
const SHELL = new Set(['', 'bash', 'sh']);
/** They name files that are not in the tree; from-the-seeds.test.ts and framework-sample.test.ts hold these. */
const PAGES_ON_OTHER_FILES = ['docs/from-the-seeds.md', 'docs/add-a-framework.md'];

/** What stands in backticks. */
const codeOf = (page: string): readonly string[] =>
  codeIn(tokensOf(page).filter(({ type }) => type === 'codespan'));

/** Every command line of a page: in blocks, and in backticks. */
function linesOf(page: string): readonly string[] {
  const blocks = tokensOf(page).filter((token): token is Tokens.Code => token.type === 'code');
  return [
    ...blocks.filter(({ lang }) => SHELL.has(lang ?? '')).flatMap(({ text }) => commandLines(text)),
    ...codeOf(page),
  ];
}

/** Why a link leads nowhere; null where it leads somewhere. */
function brokenLink(page: string, href: string): string | null {
  if (/^[a-z]+:/.test(href)) return null;
  const [path = '', anchor] = decodeURI(href).split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!exists(target)) return `${href}: there is no ${target}`;
  if (anchor === undefined) return null;
  if (isFolder(target) || !target.endsWith('.md')) return `${href}: ${target} has no headings`;
  return anchorsOf(target).has(anchor) ? null : `${href}: ${target} has no heading #${anchor}`;
}

/** What each page is wrong about, with the page before it. */
const wrongs = (wrongsOf: (page: string) => readonly (string | null)[]): readonly string[] =>
  PAGES.flatMap((page) => wrongsOf(page).flatMap((wrong) => (wrong === null ? [] : [`${page}: ${wrong}`])));

describe('every page', () => {
  it('links to what is there', () => {
    const isLink = ({ type }: Token): boolean => type === 'link' || type === 'image';
    const broken = (page: string) =>
      tokensOf(page)
        .filter(isLink)
        .map((link) => brokenLink(page, (link as Tokens.Link).href));
    expect(wrongs(broken)).toEqual([]);
  });

  it('names source files and folders that are there', () => {
    const missing = (page: string) =>
      PAGES_ON_OTHER_FILES.includes(page)
        ? []
        : codeOf(page).filter((code) => isSourcePath(code) && !isInTree(code));
    expect(wrongs(missing)).toEqual([]);
  });

  it('names targets that make has', () => {
    expect(wrongs((page) => unknownTargets(linesOf(page)))).toEqual([]);
  });

  it('names commands and options that servelab has', () => {
    expect(wrongs((page) => unknownCommands(linesOf(page)))).toEqual([]);
  });

  it('names images of this version', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const others = (page: string) =>
      [...textOf(page).matchAll(/servelab\/[a-z0-9]+:(\d[\w.]*\w)/g)].flatMap(([image, tag]) =>
        tag === version ? [] : [image],
      );
    expect(wrongs(others)).toEqual([]);
  });
});

it('pages of docs have names in kebab case', () => {
  const names = PAGES.filter((page) => page.startsWith('docs/')).map((page) => basename(page, '.md'));
  expect(names.filter((name) => name !== 'README' && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

it.each(['docs', 'docs/decisions'])('the index of %s links to all of its pages', (folder) => {
  const index = `${folder}/README.md`;
  const links = tokensOf(index)
    .filter(({ type }) => type === 'link')
    .map((link) => normalize(join(folder, (link as Tokens.Link).href)));
  const pages = PAGES.filter((page) => dirname(page) === folder && page !== index);
  expect(pages.filter((page) => !links.includes(page))).toEqual([]);
});

describe('what the pages are read by', () => {
  it('finds targets, variables apart', () => {
    expect(makeTargets('IMAGES="servelab fastapi" make build smoke && make bench STACKS=all')).toEqual([
      'build',
      'smoke',
      'bench',
    ]);
    expect(makeTargets('make peers        installs all four')).toEqual(['peers']);
    expect(makeTargets('see packages/make it')).toEqual([]);
  });

  it('finds commands and their options, up to the next program', () => {
    expect(
      servelabCalls('A=1 ./servelab load URL --rate 5 | head --lines 2; x "$(./servelab images --out d)"'),
    ).toEqual([
      { command: 'load', flags: ['rate'] },
      { command: 'images', flags: ['out'] },
    ]);
    expect(servelabCalls('docker run --name servelab --publish 1:1 servelab/servelab:0.1.0')).toEqual([]);
  });

  it('tells source paths from other code, and finds them by their ends', () => {
    expect(
      ['load/drive.ts', 'drive.ts', 'packages/lab', 'schedule/policies/', 'bench/soak.mjs', 'test/'].map(
        isSourcePath,
      ),
    ).toEqual([true, true, true, true, true, true]);
    expect(
      ['records/', 'tmp/api/', 'stacks/NAME/seeds.py', './mine.mjs', 'mine.mjs', 'image/jpeg', '/health'].map(
        isSourcePath,
      ),
    ).toEqual([false, false, false, false, false, false, false]);
    expect(['packages/lab', 'load/drive.ts', 'schedule/policies/'].map(isInTree)).toEqual([true, true, true]);
    expect(['load/nowhere.ts', 'rive.ts', 'packages/nothing'].map(isInTree)).toEqual([false, false, false]);
  });

  it('finds unknown targets, commands and options', () => {
    expect(unknownTargets(['make bench nothing'])).toEqual(['nothing']);
    expect(unknownCommands(['./servelab bench --no-find-rate --nothing 1', 'servelab never'])).toEqual([
      'bench --nothing',
      'never',
    ]);
  });

  it('sees through a link that leads nowhere', () => {
    expect(brokenLink('docs/peers.md', 'nowhere.md')).toContain('there is no docs/nowhere.md');
    expect(brokenLink('docs/peers.md', '#nothing')).toContain('no heading #nothing');
    expect(brokenLink('docs/peers.md', '../README.md#the-frameworks')).toBeNull();
  });
});
