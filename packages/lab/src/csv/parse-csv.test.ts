import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseCsv } from './parse-csv.js';

describe('parseCsv', () => {
  it('gives rows by the names of the header, whatever ends the lines', () => {
    expect(parseCsv('a,b\r\n1,2\r\n3,\n')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '' },
    ]);
  });

  it('keeps commas, quotes and line ends inside quotes', () => {
    expect(parseCsv('a,b\n"x, ""y""\nz",2')).toEqual([{ a: 'x, "y"\nz', b: '2' }]);
  });

  it('leaves out a last line that was cut off', () => {
    expect(parseCsv('a,b\n1,2\n3')).toEqual([{ a: '1', b: '2' }]);
    expect(parseCsv('')).toEqual([]);
  });

  // make fuzz TARGET=imports, SEED=151515 CASE=1875 and SEED=291129 CASE=323: each took more than 512 MB, and minutes.
  it.each([
    ['line', "'a,b\\n1,2\\n' + long + '\\n3,4\\n'", '[{"a":"1","b":"2"},{"a":"3","b":"4"}]'],
    ['header', "long + '\\n1,2\\n'", '[]'],
  ])('leaves out a %s of millions of fields, in little memory', async (_what, text, rows) => {
    const program = `
      const { parseCsv } = await import(process.argv[1]);
      const long = 'POST,/predict,status'.repeat(2_000_000);
      console.log(JSON.stringify(parseCsv(${text})));
    `;
    const compiled = new URL('../../dist/csv/parse-csv.js', import.meta.url).href;
    const words = ['--max-old-space-size=128', '--input-type=module', '--eval', program, compiled];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    expect(stdout.trim()).toBe(rows);
  });
});
