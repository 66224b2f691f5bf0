import type { Counter, Registry } from 'prom-client';

export interface PlainCounterOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly registers: readonly Registry[];
}

/**
 * A Prometheus counter with one label, for the hot path, as `PlainHistogram` is a histogram: `Counter` of prom-client sorts
 * and joins the labels to find the series, at every count. `/metrics` shows both in the same text.
 */
export class PlainCounter<V extends string | number> {
  readonly name: string;
  readonly help: string;
  readonly type = 'counter';
  readonly aggregator = 'sum';
  readonly #label: string;
  readonly #counts = new Map<V, number>();

  constructor({ name, help, label, registers }: PlainCounterOptions) {
    this.name = name;
    this.help = help;
    this.#label = label;
    // A registry asks its metrics for nothing but what they are called and `get`.
    for (const registry of registers) registry.registerMetric(this as unknown as Counter);
  }

  inc(value: V): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** What a registry prints: a series for each value that has come. */
  async get() {
    const { name, help, type, aggregator } = this;
    const values = Array.from(this.#counts, ([label, value]) => ({
      labels: { [this.#label]: label },
      value,
    }));
    return { name, help, type, aggregator, values };
  }
}
