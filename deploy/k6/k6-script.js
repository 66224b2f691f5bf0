// One load for every stack: the images of `servelab load`, as a closed loop of users or at a constant rate.
//
//   k6 run -e STACK=fastapi -e USERS=8 -e IMAGES="$(./servelab images)" deploy/k6/k6-script.js
//   k6 run -e STACK=fastapi -e RATE=40 -e IMAGES="$(./servelab images)" deploy/k6/k6-script.js
//
// `make k6` does the first. docs/locust-and-k6.md has every variable.
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Gauge } from 'k6/metrics';

const registry = JSON.parse(open('../../stacks/registry.json'));
/** The port of each stack and the part of the form that it insists on. */
const STACKS = Object.fromEntries(
  [registry.servelab, ...registry.frameworks].map(({ name, port, field }) => [name, { port, field }]),
);

const number = (name, otherwise) => {
  const value = Number(__ENV[name] || otherwise);
  if (!(value >= 0)) throw new Error(`${name} is "${__ENV[name]}", which is not a number`);
  return value;
};

/** `/predict` is added to it. */
const withoutSlash = (url) => (url.endsWith('/') ? withoutSlash(url.slice(0, -1)) : url);

const stack = __ENV.STACK || 'servelab';
if (!(stack in STACKS)) throw new Error(`STACK is "${stack}"; use one of ${Object.keys(STACKS).join(', ')}`);
const host = withoutSlash(__ENV.BASE_URL || `http://127.0.0.1:${STACKS[stack].port}`);
const field = __ENV.FIELD || STACKS[stack].field;
/** A variable of the environment, which no list of processes shows. */
const authorization = __ENV.AUTHORIZATION ? { Authorization: __ENV.AUTHORIZATION } : {};
const headers = { Accept: 'application/json', ...authorization };
const users = number('USERS', 8);
const rate = number('RATE', 0);
const warmupS = number('WARMUP', 0);
const durationS = number('DURATION', 10);
const thinkS = number('THINK_TIME', 0);
const p95Ms = number('P95_MS', 5000);
const errorRate = number('ERROR_RATE', 0.01);

/** A user who waits for the answer is not free, so a rate needs as many as may wait at a time. */
const maxUsers = number('MAX_USERS', Math.max(50, 10 * rate));

const total = `${warmupS + durationS}s`;
const CLOSED = { executor: 'constant-vus', vus: users, duration: total, gracefulStop: '60s' };
const OPEN = {
  executor: 'constant-arrival-rate',
  // A whole number a second is all that k6 takes; a minute allows 0.5 a second.
  rate: Math.round(60 * rate),
  timeUnit: '60s',
  duration: total,
  gracefulStop: '60s',
  preAllocatedVUs: Math.min(maxUsers, Math.max(10, Math.ceil(rate))),
  maxVUs: maxUsers,
};

export const options = {
  scenarios: { [rate > 0 ? 'open' : 'closed']: rate > 0 ? OPEN : CLOSED },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)'],
  // Those that ask nothing put the measured part into the summary, apart from the warm-up.
  thresholds: {
    'http_req_duration{phase:measured}': [`p(95)<${p95Ms}`],
    'http_req_failed{phase:measured}': [`rate<${errorRate}`],
    'checks{phase:measured}': [`rate>=${1 - errorRate}`],
    'http_reqs{phase:measured}': ['count>=0'],
    'http_req_blocked{phase:measured}': ['avg>=0'],
    'http_req_connecting{phase:measured}': ['avg>=0'],
  },
};

http.setResponseCallback(http.expectedStatuses(200));

const TYPES = {
  jpg: 'image/jpeg',
  jpe: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
};
const typeOf = (name) => TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];

/** k6 cannot list a folder: IMAGES is one that `servelab images` has written, or files with commas between them. */
function imagePaths() {
  const named = __ENV.IMAGES || '';
  if (named === '') throw new Error('IMAGES names no folder: use -e IMAGES="$(./servelab images)"');
  if (named.includes(',') || typeOf(named) !== undefined) return named.split(',');
  return JSON.parse(open(`${named}/manifest.json`)).images.map(({ file }) => `${named}/${file}`);
}

// Read once by every user, before the load starts; the parts share the bytes.
const images = imagePaths().map((path) => {
  const name = path.split('/').pop();
  return http.file(open(path, 'b'), name, typeOf(name) || 'image/jpeg');
});

const loadUsers = new Gauge('load_users');
const loadRate = new Gauge('load_rate');
const loadWarmup = new Gauge('load_warmup_s');
const loadMeasured = new Gauge('load_measured_s');
const loadThink = new Gauge('load_think_s');

/** What the summary would not say otherwise: which load this was. */
export function setup() {
  if (rate > 0) loadRate.add(rate);
  else loadUsers.add(users);
  loadWarmup.add(warmupS);
  loadMeasured.add(durationS);
  loadThink.add(thinkS);
}

export default function predict() {
  const { scenario } = exec;
  const image = images[scenario.iterationInTest % images.length];
  const phase = phaseAt((Date.now() - scenario.startTime) / 1000);
  const response = http.post(
    `${host}/predict`,
    { [field]: image },
    { headers, tags: { phase }, timeout: '60s' },
  );
  check(
    response,
    {
      'the status is 200': ({ status }) => status === 200,
      'a class comes first': (answer) => answer.status === 200 && hasClass(answer),
    },
    { phase },
  );
  if (thinkS > 0) sleep(thinkS);
}

/** The last iteration of a rate may begin at the very end: it belongs to a period that is not measured. */
function phaseAt(second) {
  if (second < warmupS) return 'warmup';
  return second < warmupS + durationS ? 'measured' : 'after';
}

function hasClass(response) {
  try {
    const answer = response.json();
    const one = answer.results || answer;
    // BentoML's batchable endpoint answers with a list.
    const { predictions } = Array.isArray(one) ? one[0] : one;
    return Number.isInteger(predictions[0].class_id);
  } catch {
    return false;
  }
}
