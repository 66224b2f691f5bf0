import type { ClassPrediction } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { checkGolden } from './golden-check.js';

const top = (...pairs: [classId: number, confidence: number][]): ClassPrediction[] =>
  pairs.map(([class_id, confidence]) => ({ class_id, class_name: `${class_id}`, confidence }));

const photograph = { path: 'parrot.jpg', rightClasses: [88], reference: null };
const crop = { path: 'crop.jpg', rightClasses: null, reference: top([281, 0.5], [285, 0.49], [7, 0.01]) };

describe('checkGolden', () => {
  it.each([
    ['the right class', [photograph], [top([88, 0.9])], 1],
    ['a wrong class', [photograph], [top([1, 0.9])], 0],
    ['no answer', [photograph], [null], 0],
    ['the same probabilities', [crop], [top([281, 0.51], [285, 0.48], [9, 0.01])], 1],
    ['the first two changed places within the tolerance', [crop], [top([285, 0.5], [281, 0.49])], 1],
    ['a probability too far away', [crop], [top([281, 0.6], [285, 0.3])], 0],
    ['another class first', [crop], [top([7, 0.4], [281, 0.3])], 0],
  ])('f32 with %s', (_name, images, answers, agreed) => {
    expect(checkGolden(images, answers, 'f32')).toEqual({ checked: 1, agreed, required: 1 });
  });

  it('int8 must agree in the first class on 95 %', () => {
    const images = Array.from({ length: 40 }, () => crop);
    const answers = images.map((_, index) => (index < 2 ? top([7, 1]) : top([281, 0.8])));
    expect(checkGolden(images, answers, 'int8')).toEqual({ checked: 40, agreed: 38, required: 38 });
  });
});
