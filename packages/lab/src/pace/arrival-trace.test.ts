import { UserError } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { parseTrace } from './arrival-trace.js';

const moments = (text: string, column: string | null = null) => [
  ...parseTrace(text, 'trace.csv', column).momentsUs,
];

describe('parseTrace', () => {
  it('reads one moment a line, counted from the first whatever their zero and order', () => {
    expect(moments('# recorded\n1000.5\n\n1000.25\r\n1001.25\n')).toEqual([0, 250_000, 1_000_000]);
  });

  it('lasts one mean gap beyond the last arrival, so that arrivals over duration is the rate', () => {
    const trace = parseTrace('0\n1\n3\n', 'trace', null);
    expect(trace.durationUs).toBe(4_500_000);
    expect(trace.meanRps).toBeCloseTo(3 / 4.5, 12);
  });

  it('takes the named column of a CSV, quotes and all', () => {
    const csv = 'id,"what, exactly",at_s\n1,"a ""b"", c",0.5\n2,,0.75\n';
    expect(moments(csv, 'at_s')).toEqual([0, 250_000]);
  });

  it('takes a CSV as spreadsheets of other countries save it', () => {
    expect(moments('id;at_s\n1;0,5\n2;0,75\n', 'at_s')).toEqual([0, 250_000]);
    expect(moments('id\tat_s\n1\t0.5\n2\t0.75\n', 'at_s')).toEqual([0, 250_000]);
  });

  it('takes the scheduled moments of the measured part of a load', () => {
    const record = (phase: string, scheduled: number) => JSON.stringify({ phase, scheduled, done: 1 });
    const lines = [record('warmup', 5), record('measured', 1_000_007), record('measured', 1_500_008)];
    expect(moments(lines.join('\n'))).toEqual([0, 500_001]);
  });

  it.each([
    ['', null, 'trace.csv is empty'],
    ['1\n1\n', null, 'no two arrivals at different moments'],
    ['1\nsoon\n3\n', null, 'line 2 of trace.csv has "soon"'],
    ['a,b\n1,2\n', null, 'has 2 columns'],
    ['a,b\n1,2\n', 'c', 'has no column "c"'],
    ['{"phase":"measured","scheduled":1}\n{oops\n', null, 'line 2 of trace.csv is not valid JSON'],
    ['{"phase":"measured"}\n', null, 'line 1 of trace.csv has no scheduled moment'],
  ])('refuses %j and names what is wrong', (text, column, words) => {
    expect(() => moments(text, column)).toThrow(words);
    expect(() => moments(text, column)).toThrow(UserError);
  });
});
