import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECKOUT } from '../fixtures/checkout.js';
import { commandLines } from './commands.js';
import { unknownCommands, unknownTargets } from './known-commands.js';
import { MAKE_TARGETS, textOf } from './pages.js';
import { TREE } from './tree.js';

const EXAMPLE = 'examples/pull-request-gate.yml';
const WORKFLOWS = [...TREE.filter((path) => /^\.github\/workflows\/.*\.yml$/.test(path)), EXAMPLE];

/** Every `run` of a workflow, line by line. */
function linesOf(workflow: string): readonly string[] {
  const { jobs } = parse(textOf(workflow)) as { jobs: Record<string, { steps: { run?: string }[] }> };
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => commandLines(run ?? '')));
}

/** What `vitest run` is given by each target of make that runs a part of the tests. */
const PARTS: ReadonlyMap<string, readonly string[]> = new Map(
  [...textOf('Makefile').matchAll(/^(test-[a-z0-9]+):.*\n((?:\t.*\n)+)/gm)].map(
    ([, target = '', recipe = '']) => [
      target,
      [...new Set(recipe.match(/(?<![\w/.])(?:packages|test)\/[\w./-]*/g))],
    ],
  ),
);

describe('each workflow', () => {
  it('is accepted by actionlint', ({ skip }) => {
    const { error, status, stdout } = spawnSync(
      'actionlint',
      ['-no-color', ...WORKFLOWS.map((path) => join(CHECKOUT, path))],
      { encoding: 'utf8' },
    );
    if (error !== undefined) return skip('actionlint is not on the PATH');
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it.each(WORKFLOWS)('%s runs targets, commands and options that exist', (workflow) => {
    const lines = linesOf(workflow);
    expect(lines).not.toEqual([]);
    expect(unknownTargets(lines)).toEqual([]);
    expect(unknownCommands(lines)).toEqual([]);
  });

  it('of CI runs every part of the tests but the oracles, which want a quiet machine', () => {
    const lines = linesOf('.github/workflows/ci.yml');
    const parts = [...PARTS.keys()].filter((target) => target !== 'test-oracles');
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.filter((target) => !lines.includes(`make ${target}`))).toEqual([]);
  });
});

describe('the parts of the tests', () => {
  it('are targets of make', () => {
    expect([...PARTS.keys()].filter((target) => !MAKE_TARGETS.has(target))).toEqual([]);
  });

  it('have each test once', () => {
    const filters = [...PARTS.values()].flat();
    const tests = TREE.filter((path) => path.endsWith('.test.ts'));
    const owners = (path: string) => filters.filter((filter) => path.includes(filter));
    expect(tests.filter((path) => owners(path).length !== 1)).toEqual([]);
  });
});

it('what the forge reads is YAML', () => {
  const files = TREE.filter((path) => path.startsWith('.github/') && path.endsWith('.yml'));
  expect(files.length).toBeGreaterThan(WORKFLOWS.length);
  for (const path of files) expect(parse(textOf(path)), path).toBeTypeOf('object');
});
