import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { formRequest } from '../fixtures/request-body.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

interface Panel {
  readonly title: string;
  readonly description: string;
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const PATH = fileURLToPath(new URL('../../deploy/grafana/servelab-dashboard.json', import.meta.url));
const { panels } = JSON.parse(await readFile(PATH, 'utf8')) as { panels: Panel[] };
const queries = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);
/** Prometheus adds them when it scrapes. */
const TARGET_LABELS = ['instance', 'job'];

/** What one query asks for. */
function parsePromQl(expr: string): { metrics: Set<string>; labels: Set<string> } {
  // Grafana puts these in; the grammar does not know them.
  const filled = expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(job|instance)/g, '.*');
  const metrics = new Set<string>();
  const labels = new Set<string>();
  parser.parse(filled).iterate({
    enter({ type, node, from, to }) {
      const text = filled.slice(from, to);
      if (type.isError) throw new SyntaxError(`no PromQL at "${filled.slice(from)}"`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.add(text);
      if (type.name === 'LabelName') labels.add(text);
    },
  });
  return { metrics, labels };
}

/** Names of the labels of every metric that a scrape shows. */
function scrapedLabels(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const groups = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>[^}]*)\})? \S+$/.exec(line)?.groups;
    if (groups === undefined) continue;
    const { name = '', labels = '' } = groups;
    const names = found.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) names.add(label);
    found.set(name, names);
  }
  return found;
}

let server: SimulatedServer;
let scraped: Map<string, Set<string>>;

beforeAll(async () => {
  server = await SimulatedServer.start({ batch_ms: { 1: 1, 8: 2 } });
  const answers = await Promise.all(Array.from({ length: 8 }, () => server.predict(IMAGES.jpeg)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect((await server.predict(Buffer.from('no image'))).status).toBeGreaterThanOrEqual(400);
  const files = [IMAGES.jpeg, Buffer.from('no image')].map((bytes) => ({ field: 'files', bytes }));
  const several = await fetch(`${server.url}/predict`, { method: 'POST', ...formRequest(...files) });
  expect(several.status).toBe(200);
  scraped = scrapedLabels(await (await fetch(`${server.url}/metrics`)).text());
});
afterAll(() => server.stop());

describe('the dashboard for Grafana', () => {
  it.each(queries)('asks in "$title" for what the server shows: $expr', ({ expr, legendFormat }) => {
    const { metrics, labels } = parsePromQl(expr);
    expect(metrics.size).toBeGreaterThan(0);
    const inLegend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    for (const metric of metrics) {
      const has = scraped.get(metric);
      expect(has, `${metric} is not in /metrics`).toBeDefined();
      for (const label of [...labels, ...inLegend]) {
        expect([...(has ?? []), ...TARGET_LABELS], `${metric} has no label ${label}`).toContain(label);
      }
    }
  });

  it('shows every metric of the server’s own', () => {
    const asked = new Set(queries.flatMap(({ expr }) => [...parsePromQl(expr).metrics]));
    const family = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    const shown = new Set([...asked].map(family));
    const own = [...scraped.keys()].filter((name) => name.startsWith('servelab_')).map(family);
    expect([...new Set(own)].filter((name) => !shown.has(name))).toEqual([]);
  });

  it('has a unit and words on every panel', () => {
    for (const { title, description, fieldConfig } of panels) {
      expect(fieldConfig.defaults.unit, title).toMatch(/^[a-z]+$/);
      expect(description, title).toMatch(/\.$/);
    }
  });

  it('finds a query that is none', () => {
    expect(() => parsePromQl('rate(servelab_images_total[1m]')).toThrow('no PromQL');
  });
});
