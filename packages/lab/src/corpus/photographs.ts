/** One of the six photographs that everything here is measured on. */
export interface Photograph {
  readonly name: string;
  readonly sha256: string;
  /**
   * Classes (counted from 0 over 1000) of which a right answer puts one first; none for the owl, whose kind
   * is not among the 1000: the model answers 82, ruffed grouse, with a confidence of 0.31.
   */
  readonly rightClasses: readonly number[];
}

/** From the public repository google-coral/test_data, Apache-2.0, at this commit. */
export const PHOTOGRAPHS_URL =
  'https://raw.githubusercontent.com/google-coral/test_data/104342d2d3480b3e66203073dac24f4e2dbb4c41';

export const PHOTOGRAPHS: readonly Photograph[] = [
  {
    name: 'cat_720p.jpg',
    sha256: 'cfb1dbdf64b30de79104a47555ff8e9f12737a12c2128ecd0e7f38531a8c13ce',
    rightClasses: [285, 281],
  },
  {
    name: 'hot_dog.jpg',
    sha256: 'ed6952e022eb71c0d0b1ff068dcee3abed056dfa1852f041c35f138c4ff15b2e',
    rightClasses: [934],
  },
  {
    name: 'kite_and_cold.jpg',
    sha256: '87410f52f79cc256c3949b48a3548632c07c8e9943468ef8caa6250f6643be8e',
    rightClasses: [978],
  },
  {
    name: 'owl.jpg',
    sha256: 'ea9a0e3943bbd0acaeb472a6e66e777d13cf76646f9e42e84cafa931cc8a5bf7',
    rightClasses: [],
  },
  {
    name: 'parrot.jpg',
    sha256: 'a8fba9e7e29439fa414c13129aad661f2289ff891231920a7c33641b076f1833',
    rightClasses: [88],
  },
  {
    name: 'pets.jpg',
    sha256: '3d71034f8a910bc71c744d3191b652c6c09e9e9c703e4dcd97f1c5ef7adbfe82',
    rightClasses: [195],
  },
];
