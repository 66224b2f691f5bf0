import { UserError } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { answerCheck } from './answer-check.js';

const ANSWER = Buffer.from(
  JSON.stringify({
    predictions: [{ class: 'cat', id: 281, score: 0.9 }, { class: 'dog' }],
    ok: true,
    none: null,
  }),
);
const fault = (path: string, value: string | null) => answerCheck({ path, value })(ANSWER)?.reason ?? null;

describe('answerCheck', () => {
  it.each([
    ['$.predictions[0].class', 'cat'],
    ['$.predictions[0].id', '281'],
    ['$.predictions[0].score', '0.90'],
    ['$.ok', 'true'],
    ['$.none', 'null'],
    ['$..class', 'dog'],
    ['$.predictions[?@.id == 281].class', 'cat'],
    ['$.predictions', null],
  ])('takes an answer whose %s is %s', (path, value) => {
    expect(fault(path, value)).toBeNull();
  });

  it.each([
    ['$.predictions[0].class', 'dog', '"dog" expected at $.predictions[0].class, not "cat"'],
    ['$.predictions[0].id', '', '"" expected at $.predictions[0].id, not 281'],
    ['$.predictions[9].class', 'cat', '"cat" expected at $.predictions[9].class, nothing is there'],
    ['$.label', null, 'a value expected at $.label, nothing is there'],
    [
      '$.predictions[1]',
      '[object Object]',
      '"[object Object]" expected at $.predictions[1], not {"class":"dog"}',
    ],
  ])('says what is wrong with an answer whose %s is not %s', (path, value, words) => {
    expect(fault(path, value)).toBe(words);
  });

  it('survives an answer that is nested more deeply than the stack allows', () => {
    const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
    const reason = 'the answer is nested too deeply to be searched';
    expect(answerCheck({ path: '$', value: 'cat' })(deep)).toEqual({ reason });
  });

  it('takes no answer that is not valid JSON', () => {
    expect(answerCheck({ path: '$', value: null })(Buffer.from('<html>'))).toEqual({
      reason: 'no JSON (HTML)',
    });
  });

  it.each(['predictions[0]', '$.predictions[', '$.a[?@.b ==]'])('refuses %s before any answer', (path) => {
    expect(() => answerCheck({ path, value: null })).toThrow(UserError);
    expect(() => answerCheck({ path, value: null })).toThrow(`"${path}" is not a valid JSONPath: `);
  });
});
