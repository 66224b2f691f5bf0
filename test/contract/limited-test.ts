import { afterAll, expect, it } from 'vitest';

/**
 * A `test` that knows of exceptions, by the test's name: a test that is listed runs all the same, and is skipped
 * with the reason while it fails. Once it passes it fails, and so does a listed name that no test has.
 */
export function limitedTest(limits: Readonly<Record<string, string>>) {
  const unknown = new Set(Object.keys(limits));
  afterAll(() => expect([...unknown], 'exceptions that name no test').toEqual([]));

  return (name: string, body: () => Promise<void>): void => {
    unknown.delete(name);
    it(name, async (context) => {
      const reason = limits[name];
      if (reason === undefined) return await body();
      const fails = await body().then(
        () => false,
        () => true,
      );
      expect(fails, `passes, though it is listed as an exception: ${reason}`).toBe(true);
      context.skip(reason);
    });
  };
}
