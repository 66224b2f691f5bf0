/** Numbers that a converted graph computes with. */
export const PRECISIONS = ['f32', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];
