import { describe, expect, it } from 'vitest';
import type { GraphPort } from '../runtime/inspect-graph.js';
import { answerProblem, inputProblem, outputProblem } from './graph-problems.js';

const port = (shape: GraphPort['shape'], type = 'float32', name = 'images'): GraphPort => ({
  name,
  type,
  shape,
});
const EXPECTED = { size: 224, layout: 'nchw', dtype: 'float32' } as const;

describe('inputProblem', () => {
  it.each<[name: string, shape: GraphPort['shape']]>([
    ['a free batch', [null, 3, 224, 224]],
    ['a batch of one', [1, 3, 224, 224]],
    ['free sides', [null, 3, null, null]],
    ['no shape at all', []],
  ])('finds none with %s', (_name, shape) => {
    expect(inputProblem([port(shape)], EXPECTED)).toBeNull();
  });

  it.each<[name: string, found: GraphPort, words: string, fix: string]>([
    ['layout', port([null, 224, 224, 3]), 'is float32 [N, 224, 224, 3], the manifest says', 'layout: nhwc'],
    ['size', port([1, 3, 299, 299]), '[1, 3, 299, 299]', 'Write size: 299 below'],
    ['element type', port([null, 3, 224, 224], 'uint8'), 'is uint8 [N, 3', 'Write dtype: uint8 below'],
    [
      'everything',
      port([null, 64, 64, 3], 'uint8'),
      'float32 [N, 3, 224, 224]',
      'dtype: uint8, layout: nhwc, size: 64',
    ],
    ['an element type that is not served', port([1, 3, 224, 224], 'float16'), 'is float16', 'Export'],
    ['one channel', port([1, 1, 224, 224]), '[1, 1, 224, 224]', 'three channels'],
    ['a rectangle', port([1, 3, 224, 320]), '[1, 3, 224, 320]', 'square'],
    ['a fixed batch', port([4, 3, 224, 224]), 'batches of exactly 4', 'free batch dimension'],
  ])('says what to change: %s', (_name, found, words, fix) => {
    const problem = inputProblem([found], EXPECTED);
    expect(problem?.message).toContain(words);
    expect(problem?.fix).toContain(fix);
  });

  it('names the inputs where there are several, or none of that name', () => {
    const images = port([1, 3, 224, 224]);
    expect(inputProblem([images, port([1], 'float32', 'scale')], EXPECTED)?.message).toContain(
      '2 inputs, "images", "scale"',
    );
    expect(inputProblem([images], { ...EXPECTED, name: 'x' })?.fix).toBe(
      'Write input.name: images, or leave it out.',
    );
  });
});

describe('outputProblem', () => {
  const [scores, boxes] = [port([null, 3], 'float32', 'scores'), port([null, 4], 'float32', 'boxes')];

  it('takes the only one, or the one that is named', () => {
    expect(outputProblem([scores], undefined)).toBeNull();
    expect(outputProblem([scores, boxes], 'boxes')).toBeNull();
  });

  it('names them where none is chosen', () => {
    expect(outputProblem([scores, boxes], undefined)?.message).toContain('"scores", "boxes"');
    expect(outputProblem([scores], 'boxes')?.message).toContain('no output "boxes"; it has "scores"');
  });

  it('refuses what is not float32', () => {
    expect(outputProblem([port([1], 'int64', 'label')], undefined)?.message).toContain('"label" is int64');
  });
});

describe('answerProblem', () => {
  const problem = (answers: number[], softmax: boolean, classes = 2, count = 1) =>
    answerProblem(Float32Array.from(answers), { count, classes, softmax })?.message ?? null;

  it.each<[name: string, answers: number[], softmax: boolean, expected: RegExp | null]>([
    ['probabilities', [0.3, 0.7], false, null],
    ['probabilities that are no distribution, as of several sigmoids', [0.9, 0.8], false, null],
    ['quantised probabilities, a little off', [0.301, 0.703], false, null],
    ['logits, softmax to be applied', [-3, 4], true, null],
    ['logits without softmax', [-3, 4], false, /not a probability: a test image gives -3\.00 to 4\.00/],
    ['probabilities with softmax', [0.3, 0.7], true, /already is probabilities/],
    ['not a number', [Number.NaN, 1], true, /infinite or none/],
    ['other classes than labels', [1, 2, 3], true, /3 numbers an image, the labels name 2/],
  ])('%s', (_name, answers, softmax, expected) => {
    if (expected === null) expect(problem(answers, softmax)).toBeNull();
    else expect(problem(answers, softmax)).toMatch(expected);
  });

  it('counts by image', () => {
    expect(problem([0.1, 0.9, 0.4, 0.6], false, 2, 2)).toBeNull();
    expect(problem([0.1, 0.9], false, 2, 2)).toMatch(/1 numbers an image/);
  });
});
