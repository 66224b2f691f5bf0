import type { Tokens } from 'marked';
import { expect, it } from 'vitest';
import { blocksOf, codeIn, exists, headingsOf, isFolder, MAKE_TARGETS, plainText, textOf } from './pages.js';

/** What the original has: its tree, its commands, and what its two documents say of ports, routes, defaults, figures. */
const ORIGINAL: Readonly<Record<string, readonly string[]>> = {
  files: [
    'README.md',
    'Makefile',
    'kind-config.yaml',
    'model/download_model.py',
    'model/requirements.txt',
    'bentoml/service.py',
    'bentoml/bentofile.yaml',
    'bentoml/requirements.txt',
    'fastapi/main.py',
    'fastapi/Dockerfile',
    'fastapi/requirements.txt',
    'rayserve/app.py',
    'rayserve/Dockerfile',
    'rayserve/requirements.txt',
    'kubernetes/namespace.yaml',
    'kubernetes/bentoml-deployment.yaml',
    'kubernetes/fastapi-deployment.yaml',
    'kubernetes/rayserve-deployment.yaml',
    'kubernetes/locust-service-deployment.yaml',
    'locust_service/locustfile.py',
    'locust_service/k6-script.js',
    'locust_service/Dockerfile',
    'locust_service/analyze_results.py',
    'scripts/setup.sh',
    'scripts/build-images.sh',
    'scripts/deploy-k8s.sh',
    'scripts/automated-loadtest.sh',
    'scripts/test-containers.sh',
    'scripts/cleanup.sh',
    'docs/QUICKSTART.md',
    'docs/RESULTS_GUIDE.md',
    'bentoml_service/service.py',
    'scripts/locust/locustfile.py',
    'imagenet_labels.txt',
  ],
  commands: [
    'make setup',
    'make build',
    'make deploy',
    'make loadtest',
    'make cleanup',
    'python model/download_model.py',
    './scripts/build-images.sh',
    './scripts/deploy-k8s.sh',
    './scripts/automated-loadtest.sh',
    './scripts/cleanup.sh',
    'uv pip install tensorflow==2.15.0',
    'kubectl logs -n ml-benchmark -l app=bentoml-mobilenet',
    'lsof -i :3000',
    'kind delete cluster --name ml-benchmark',
    'brew install kind',
    'brew install kubectl',
  ],
  ports: ['BentoML at 3000', 'FastAPI at 8000', 'Ray Serve at 31800', 'Locust at 8089'],
  names: [
    'cluster ml-benchmark',
    'namespace ml-benchmark',
    'app=bentoml-mobilenet',
    'app=fastapi-mobilenet',
    'locust-service',
    'MobileNetV2Classifier',
  ],
  routes: [
    'POST /predict',
    'files of BentoML',
    'file of FastAPI',
    'files of Ray Serve',
    'image_base64',
    'GET /health',
    'predictions, top_prediction, confidence',
    'class_id, class_name',
  ],
  defaults: [
    'DURATION_PER_LEVEL',
    '10s per level',
    'CONCURRENCY_LEVELS',
    '1 5 10 20',
    'tmp/loadtest_report.md',
    'tmp/loadtest_*.txt',
    'base64 JPEG payloads',
    'resources={"cpu": "1", "memory": "2Gi"}',
    'traffic={"timeout": 60}',
    'BentoML 1.4.33',
    'Ray Serve 2.53.0',
    'tensorflow==2.15.0',
    'batchable=True',
    'max_batch_size=8, BentoML',
    'max_batch_size=8, Ray Serve',
    'max_latency_ms=60000',
    'batch_wait_timeout_s=0.01',
    'batch_size_fn',
    'num_replicas=1',
    'num_cpus and memory',
    'no batching, FastAPI',
    '224x224',
    'divided by 255.0',
    'top 5',
    'Python 3.10+',
    '8GB',
  ],
  figures: ['RPS', 'Response Time (p50/p95/p99)', 'Error Rate', 'Throughput'],
};

/** What its README helps with. */
const TROUBLES = [
  'Pods in CrashLoopBackOff',
  'Model Loading Errors',
  'Port Already in Use',
  'Kind Cluster Issues',
];

interface Row {
  readonly there: string;
  /** What stands in backticks. */
  readonly here: readonly string[];
  /** Paths of the files that have what `here` says; null where `here` is paths itself. */
  readonly where: readonly string[] | null;
}

const ROWS: readonly Row[] = blocksOf('docs/from-the-seeds.md')
  .filter((token): token is Tokens.Table => token.type === 'table')
  .flatMap(({ header, rows }) => {
    const columns = header.map(({ text }) => text);
    return rows.map((cells) => {
      const cell = (column: string) => cells[columns.indexOf(column)]?.tokens ?? [];
      return {
        there: plainText(cell('there')),
        here: codeIn(cell('here')),
        where: columns.includes('where') ? codeIn(cell('where')) : null,
      };
    });
  });

/** Whether a file has a text; a Makefile has `make build` where that is a target of it. */
const has = (path: string, text: string): boolean =>
  path === 'Makefile' && text.startsWith('make ')
    ? MAKE_TARGETS.has(text.slice('make '.length))
    : textOf(path).includes(text);

it.each(Object.entries(ORIGINAL))('the %s of the original are all found', (_kind, names) => {
  expect(names.filter((name) => !ROWS.some(({ there }) => there.includes(name)))).toEqual([]);
});

it('every row says what is here', () => {
  expect(ROWS.filter(({ here, where }) => here.length === 0 || where?.length === 0)).toEqual([]);
});

it('every file and folder named is there', () => {
  const named = ROWS.flatMap(({ here, where }) => where ?? here);
  expect(named.filter((path) => !exists(path) || path.endsWith('/') !== isFolder(path))).toEqual([]);
});

it('what is here is in the files that are named for it, and each of them has some of it', () => {
  const untrue = ROWS.flatMap(({ here, where }) => {
    const files = where?.filter((path) => exists(path)) ?? [];
    if (where === null) return [];
    return [
      ...here.filter((text) => !files.some((path) => has(path, text))).map((text) => `${where}: ${text}`),
      ...files.filter((path) => !here.some((text) => has(path, text))),
    ];
  });
  expect(untrue).toEqual([]);
});

it('the page of troubles helps with all that the original helps with', () => {
  expect(headingsOf('docs/troubleshooting.md')).toEqual(expect.arrayContaining(TROUBLES));
});
