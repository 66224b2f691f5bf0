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
});
