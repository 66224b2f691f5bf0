import fc from 'fast-check';
import { Counter, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { PlainCounter } from './plain-counter.js';

const METRIC = { name: 'answers_total', help: 'Answers\nby "status"' };

async function ourText(values: readonly (string | number)[]): Promise<string> {
  const registry = new Registry();
  const counter = new PlainCounter({ ...METRIC, label: 'status', registers: [registry] });
  for (const value of values) counter.inc(value);
  return await registry.metrics();
}

async function textOfPromClient(values: readonly (string | number)[]): Promise<string> {
  const registry = new Registry();
  const counter = new Counter({ ...METRIC, labelNames: ['status'], registers: [registry] });
  for (const status of values) counter.inc({ status });
  return await registry.metrics();
}

it('a counter with one label is printed as prom-client prints its own, before the first count too', async () => {
  expect(await ourText([])).toBe(await textOfPromClient([]));
  expect(await ourText([200, 503, 200])).toContain('answers_total{status="200"} 2');
  const value = fc.oneof(fc.constantFrom(200, 404, 503), fc.constantFrom('size', 'a "quoted"\nrule', '\\'));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 30 }), async (values) => {
      expect(await ourText(values)).toBe(await textOfPromClient(values));
    }),
  );
});
