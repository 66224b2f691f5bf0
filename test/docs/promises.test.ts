import { dirname, join, normalize } from 'node:path';
import { flagName } from '@servelab/core';
import type { Token, Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../packages/cli/src/command.js';
import { COMMANDS } from '../../packages/cli/src/commands/index.js';
import { COMMON_FLAGS } from '../../packages/cli/src/parse-command-line.js';
import { commandLines, makeTargets, servelabCalls } from './commands.js';
import { anchorsOf, codeIn, exists, isFolder, MAKE_TARGETS, PAGES, textOf, tokensOf } from './pages.js';

/** Languages of blocks that hold command lines; '' is a block without one. */
const SHELL = new Set(['', 'bash', 'sh']);

/** Every command line of a page: in blocks, and in backticks. */
function linesOf(page: string): readonly string[] {
  const tokens = tokensOf(page);
  const blocks = tokens.filter((token): token is Tokens.Code => token.type === 'code');
  return [
    ...blocks.filter(({ lang }) => SHELL.has(lang ?? '')).flatMap(({ text }) => commandLines(text)),
    ...codeIn(tokens.filter(({ type }) => type === 'codespan')),
  ];
}

/** What the options of a command are called; a switch can be negated. */
function flagsOf({ options }: Command): ReadonlySet<string> {
  const own = Object.entries(options).flatMap(([key, { type }]) =>
    type === 'boolean' ? [flagName(key), `no-${flagName(key)}`] : [flagName(key)],
  );
  return new Set([...own, ...Object.keys(COMMON_FLAGS)]);
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

  it('names targets that make has', () => {
    const unknown = (page: string) =>
      linesOf(page)
        .flatMap(makeTargets)
        .filter((target) => !MAKE_TARGETS.has(target));
    expect(wrongs(unknown)).toEqual([]);
  });

  it('names commands and options that servelab has', async () => {
    const flags = new Map<string, ReadonlySet<string>>();
    for (const entry of COMMANDS) flags.set(entry.name, flagsOf(entry));
    const unknown = (page: string) =>
      linesOf(page)
        .flatMap(servelabCalls)
        .flatMap((call) => {
          const known = flags.get(call.command);
          if (known === undefined) return [call.command];
          return call.flags.filter((flag) => !known.has(flag)).map((flag) => `${call.command} --${flag}`);
        });
    expect(wrongs(unknown)).toEqual([]);
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

  it('sees through a link that leads nowhere', () => {
    expect(brokenLink('docs/peers.md', 'nowhere.md')).toContain('there is no docs/nowhere.md');
    expect(brokenLink('docs/peers.md', '#nothing')).toContain('no heading #nothing');
    expect(brokenLink('docs/peers.md', '../README.md#the-frameworks')).toBeNull();
  });
});
