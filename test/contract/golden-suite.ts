import { type AdapterSpec, askEach, checkGolden, type GoldenImage } from '@servelab/lab';
import { describe, expect, it } from 'vitest';
import { PHOTOGRAPHS_MISSING, photographs } from '../fixtures/photographs.js';
import { referenceAnswers } from '../fixtures/reference-answers.js';

/** A running stack in f32. */
export interface GoldenStack {
  readonly name: string;
  readonly adapter: AdapterSpec;
  readonly predictUrl: () => string;
}

const LOAD_CONCURRENCY = 4;
const never = new AbortController().signal;

/** The same top five as the reference on every photograph, ties within the tolerance aside. */
export function describeGoldenAnswers(stack: GoldenStack): void {
  const paths = photographs().map(({ path }) => path);

  async function golden(): Promise<GoldenImage[]> {
    const reference = await referenceAnswers(paths);
    return photographs().map(({ path, rightClasses }, index) => ({
      path,
      rightClasses,
      reference: reference[index] ?? null,
    }));
  }

  async function expectAgreement(images: readonly GoldenImage[]): Promise<void> {
    const answers = await askEach(stack.predictUrl(), stack.adapter, paths, never);
    expect(checkGolden(images, answers, 'f32'), JSON.stringify(answers)).toMatchObject({
      checked: paths.length,
      agreed: paths.length,
    });
  }

  describe(`the answers of ${stack.name}`, () => {
    it('are those of the reference on every photograph', async (context) => {
      if (PHOTOGRAPHS_MISSING !== null) context.skip(PHOTOGRAPHS_MISSING);
      await expectAgreement(await golden());
    });

    it('are the same while it is under load', async (context) => {
      if (PHOTOGRAPHS_MISSING !== null) context.skip(PHOTOGRAPHS_MISSING);
      const images = await golden();
      let busy = true;
      // Other photographs in the same batches: an answer that went to its neighbour would show.
      const load = Array.from({ length: LOAD_CONCURRENCY }, async (_, first) => {
        for (let turn = first; busy; turn++) {
          const path = paths[turn % paths.length] ?? '';
          await askEach(stack.predictUrl(), stack.adapter, [path], never);
        }
      });
      try {
        await expectAgreement(images);
      } finally {
        busy = false;
        await Promise.all(load);
      }
    });
  });
}
