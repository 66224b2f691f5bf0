import type { Histogram, Registry } from 'prom-client';

export interface PlainHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, inclusive, ascending; `+Inf` follows by itself. */
  readonly buckets: readonly number[];
  readonly registers: readonly Registry[];
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * A Prometheus histogram without labels, for the hot path: an observation is a search among the bounds and two additions,
 * without garbage. `Histogram` of prom-client finds the series by a hash of its labels and the bucket by its bound as a
 * string, at every observation. `/metrics` shows both in the same text.
 */
export class PlainHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #bounds: Float64Array;
  /** Observations in each bucket, not cumulative; the last one has no bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor({ name, help, buckets, registers }: PlainHistogramOptions) {
    this.name = name;
    this.help = help;
    this.#bounds = Float64Array.from(buckets);
    this.#counts = new Float64Array(buckets.length + 1);
    // A registry asks its metrics for nothing but what they are called and `get`.
    for (const registry of registers) registry.registerMetric(this as unknown as Histogram);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += value;
  }

  /** What a registry prints: cumulative counts, as the text exposition format has them. */
  async get() {
    const { name, help, type, aggregator } = this;
    let count = 0;
    const buckets = Array.from(this.#counts, (own, bucket): Sample => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: this.#bounds[bucket] ?? '+Inf' }, value: count };
    });
    const totals: Sample[] = [
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
    return { name, help, type, aggregator, values: [...buckets, ...totals] };
  }
}
