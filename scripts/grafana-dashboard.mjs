// deploy/grafana/servelab-dashboard.json: what `/metrics` of a server shows, for Grafana. `make docs` writes it.

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };
/** Labels that Prometheus adds when it scrapes; one server has none of its own. */
const HERE = '{job=~"$job", instance=~"$instance"}';
const rate = (metric) => `rate(${metric}${HERE}[$__rate_interval])`;
const quantile = (fraction, metric) =>
  `histogram_quantile(${fraction}, sum by (le) (${rate(`${metric}_bucket`)}))`;
const mean = (metric) => `sum(${rate(`${metric}_sum`)}) / sum(${rate(`${metric}_count`)})`;

/** Two beside each other, from the question asked first to the one asked last. */
const PANELS = [
  {
    title: 'Requests by status',
    unit: 'reqps',
    about: 'Answered /predict requests a second; 499 is a client that left before its answer.',
    lines: [['{{status}}', `sum by (status) (${rate('servelab_requests_total')})`]],
    stacked: true,
  },
  {
    title: 'Errors by code',
    unit: 'reqps',
    about:
      'Requests that got an error, images that got one of their own among several, and clients that left; docs/errors.md has the codes.',
    lines: [
      ['{{code}}', `sum by (code) (${rate('servelab_request_errors_total')})`],
      ['image: {{code}}', `sum by (code) (${rate('servelab_image_errors_total')})`],
      ['client disconnects', `sum(${rate('servelab_client_disconnects_total')})`],
    ],
    stacked: true,
  },
  {
    title: 'Latency of a request',
    unit: 's',
    about: 'From its headers to its answer, interpolated within the buckets of the histogram.',
    lines: [
      ['p50', quantile(0.5, 'servelab_request_duration_seconds')],
      ['p95', quantile(0.95, 'servelab_request_duration_seconds')],
      ['p99', quantile(0.99, 'servelab_request_duration_seconds')],
    ],
  },
  {
    title: 'Where the time goes',
    unit: 's',
    about: 'Means: decoding an image, its wait for a batch to start, and the model run of that batch.',
    lines: [
      ['decode', mean('servelab_decode_duration_seconds')],
      ['queue', mean('servelab_queue_duration_seconds')],
      ['infer', mean('servelab_inference_duration_seconds')],
    ],
    stacked: true,
  },
  {
    title: 'Images a batch',
    unit: 'short',
    about: 'Larger batches pay only where a batch costs less than its images one by one.',
    lines: [
      ['mean', mean('servelab_batch_size')],
      ['p95', quantile(0.95, 'servelab_batch_size')],
    ],
  },
  {
    title: 'Why batches fire',
    unit: 'ops',
    about: 'Batches a second by the rule of the policy that formed them; /debug/batches has each.',
    lines: [['{{rule}}', `sum by (rule) (${rate('servelab_batches_total')})`]],
    stacked: true,
  },
  {
    title: 'Images that wait',
    unit: 'short',
    about:
      'The queue at the moment of the scrape. One that grows and does not shrink is a server that is too slow.',
    lines: [['{{instance}}', `servelab_queue_images${HERE}`]],
  },
  {
    title: 'Images answered',
    unit: 'ops',
    about: 'Images with a prediction, a second.',
    lines: [['{{instance}}', rate('servelab_images_total')]],
    stacked: true,
  },
  {
    title: 'Workers that can serve',
    unit: 'short',
    about:
      'Processes that run the model. Fewer than configured: one is being replaced, or is still warming up.',
    lines: [['{{instance}}', `servelab_workers_ready${HERE}`]],
  },
  {
    title: 'Workers lost, policies replaced',
    unit: 'short',
    about: 'In the last five minutes. Neither happens in a healthy server.',
    lines: [
      ['workers lost', `sum(increase(servelab_worker_restarts_total${HERE}[5m]))`],
      ['policies replaced', `sum(increase(servelab_policy_failures_total${HERE}[5m]))`],
    ],
  },
  {
    title: 'Processor',
    unit: 'percentunit',
    about:
      'Share of one core that the main process uses. Its workers are processes of their own: the container’s figures have them.',
    lines: [['{{instance}}', rate('process_cpu_seconds_total')]],
  },
  {
    title: 'Memory',
    unit: 'bytes',
    about: 'Resident memory of the main process; workers are not in it.',
    lines: [['{{instance}}', `process_resident_memory_bytes${HERE}`]],
  },
  {
    title: 'Event loop lag',
    unit: 's',
    about:
      'How late the main process gets round to what is due, p99: above a few milliseconds it is short of processor.',
    lines: [['{{instance}}', `nodejs_eventloop_lag_p99_seconds${HERE}`]],
  },
];

const HEIGHT = 8;
const WIDTH = 12;

function panel({ title, unit, about, lines, stacked = false }, index) {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description: about,
    datasource: DATASOURCE,
    gridPos: { h: HEIGHT, w: WIDTH, x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT },
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        custom: { fillOpacity: stacked ? 20 : 5, stacking: { mode: stacked ? 'normal' : 'none' } },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', calcs: ['mean', 'max'] },
      tooltip: { mode: 'multi' },
    },
    targets: lines.map(([legendFormat, expr], at) => ({
      refId: String.fromCharCode(65 + at),
      datasource: DATASOURCE,
      expr,
      legendFormat,
    })),
  };
}

const labelVariable = (name, query) => ({
  name,
  type: 'query',
  datasource: DATASOURCE,
  query: { query, refId: name },
  refresh: 2,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
});

export function grafanaDashboard() {
  const dashboard = {
    uid: 'servelab',
    title: 'servelab',
    description: 'A server started by "servelab serve", from its /metrics.',
    tags: ['servelab'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    time: { from: 'now-15m', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', current: {} },
        labelVariable('job', 'label_values(servelab_workers_ready, job)'),
        labelVariable('instance', 'label_values(servelab_workers_ready{job=~"$job"}, instance)'),
      ],
    },
    annotations: { list: [] },
    panels: PANELS.map(panel),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
