import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { analyse } from 'scslre';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const TIMEOUT_MS = 120_000;

interface Found {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** All regular expressions of a file: literals, and texts given to `RegExp`. */
function regularExpressions(file: string, text: string): Found[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const where = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ where, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [source, flags] = node.arguments ?? [];
      const isKnown = source !== undefined && ts.isStringLiteralLike(source);
      found.push({
        where,
        // What is put together while the program runs cannot be looked at: it is refused below.
        source: isKnown ? source.text : '(a+)+$',
        flags: flags !== undefined && ts.isStringLiteralLike(flags) ? flags.text : '',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** How the time of a search can grow faster than the text that is searched; [] where it cannot. */
function superLinear({ source, flags }: Found): string[] {
  const { reports } = analyse({ source, flags });
  return reports.map(({ type, exponential }) => (exponential ? `${type}, exponential` : type));
}

const expression = (source: string): Found => ({ where: '', source, flags: '' });

describe('regular expressions', () => {
  // What a head of 60,000 blanks occupied the load driver with, and two smaller ones of the kind.
  it.each(['\\r\\n' + 'x:[ \\t]*([^\\r\\n]*?)[ \\t]*\\r\\n', '(a+)+$', '\\s+$'])(
    'slow ones are found: %j',
    (source) => {
      expect(superLinear(expression(source))).not.toEqual([]);
    },
  );

  it('are looked for in texts and in literals', () => {
    const found = regularExpressions(
      'a.ts',
      "const a = /b+/g;\nconst c = new RegExp('d', 'i');\nnew RegExp(a);",
    );
    expect(found.map(({ where, source, flags }) => [where, source, flags])).toEqual([
      ['a.ts:1', 'b+', 'g'],
      ['a.ts:2', 'd', 'i'],
      ['a.ts:3', '(a+)+$', ''],
    ]);
  });

  it(
    'of what is shipped take time in proportion to the text, whatever a server, a client or a file sends',
    async () => {
      const listed = execFileSync('git', ['ls-files', 'packages', 'deploy', 'scripts'], {
        cwd: CHECKOUT,
        encoding: 'utf8',
      });
      const files = listed
        .split('\n')
        .filter((file) => /\.(?:ts|mjs|js)$/.test(file) && !/\.(?:test|fixture)\.ts$/.test(file));
      const all = await Promise.all(
        files.map(async (file) => regularExpressions(file, await readFile(`${CHECKOUT}${file}`, 'utf8'))),
      );
      const found = all.flat();
      expect(found.length).toBeGreaterThan(50);
      const slow = found.flatMap((one) =>
        superLinear(one).map((kind) => `${one.where} /${one.source}/: ${kind}`),
      );
      expect(slow).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
