// One picture a policy for docs/policies.md: the same seven images through the very objects that the server runs,
// in the simulator. Time runs to the right; a line leads from an image's arrival to the batch that it is in.

import choosePlan from '@servelab/serve/choose-plan';
import { optimal } from '@servelab/serve/internal/optimal';
import { createPolicy, POLICY_NAMES } from '@servelab/serve/internal/policies';
import { runSchedule } from '@servelab/serve/internal/run-schedule';
import { Scheduler } from '@servelab/serve/internal/scheduler';

/** The trace of packages/serve/src/schedule/policies/policies.test.ts, where the schedules are worked out by hand. */
const ARRIVALS_MS = [0, 1, 2, 3, 4, 20, 21];
const serviceMs = (size) => 4 + 2 * size;
const OPTIONS = { maxBatchSize: 4, batchWaitTimeoutMs: 5, maxLatencyMs: 60_000, maxWaitMs: 50, workers: 1 };

const WIDTH = 720;
const HEIGHT = 132;
const LEFT = 76;
const END_MS = 46;
const ARRIVAL_Y = 30;
const WORKER_Y = 78;
const BATCH_HEIGHT = 28;
const x = (ms) => LEFT + (ms / END_MS) * (WIDTH - LEFT - 12);

const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328 } .quiet { fill: #59636e } .axis { stroke: #818b98 }
.image { fill: #0969da } .wait { stroke: #0969da; stroke-opacity: .45 } .batch { fill: #0969da; fill-opacity: .16; stroke: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .quiet { fill: #9198a1 } .image { fill: #4493f8 }
.wait { stroke: #4493f8 } .batch { fill: #4493f8; fill-opacity: .25; stroke: #4493f8 } }
</style>`;

export function policyPictures() {
  return Object.fromEntries(POLICY_NAMES.map((name) => [`docs/images/policy-${name}.svg`, picture(name)]));
}

function picture(name) {
  const scheduler = new Scheduler({
    policy: name === 'optimal' ? plannedPolicy() : createPolicy(name, OPTIONS),
    maxBatchSize: OPTIONS.maxBatchSize,
    queueLimit: 100,
    maxWaitUs: OPTIONS.maxWaitMs * 1000,
  });
  const { batches, outcomes } = runSchedule(scheduler, {
    workers: 1,
    serviceUs: (size) => serviceMs(size) * 1000,
    events: ARRIVALS_MS.map((ms, n) => ({
      atUs: ms * 1000,
      kind: 'arrival',
      images: [{ id: n + 1, arrivedUs: ms * 1000, deadlineUs: 6e7 }],
    })),
  });
  const meanMs =
    ARRIVALS_MS.reduce((sum, ms, n) => sum + outcomes.get(n + 1).atUs / 1000 - ms, 0) / ARRIVALS_MS.length;
  const parts = [
    `<text class="quiet" x="8" y="${ARRIVAL_Y + 4}">arrive</text>`,
    `<text class="quiet" x="8" y="${WORKER_Y + BATCH_HEIGHT / 2 + 4}">worker</text>`,
    ...axis(),
    ...batches.flatMap(({ atUs, ids }) => batch(atUs / 1000, ids)),
    ...ARRIVALS_MS.map((ms) => `<circle class="image" cx="${x(ms)}" cy="${ARRIVAL_Y}" r="4"/>`),
    `<text x="${WIDTH - 12}" y="16" text-anchor="end">mean latency ${meanMs.toFixed(1)} ms</text>`,
  ];
  const title = `${name}: ${batches.map(({ atUs, ids }) => `images ${ids.join(', ')} at ${atUs / 1000} ms`).join('; ')}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img"><title>${title}</title>${STYLE}\n${parts.join('\n')}\n</svg>\n`;
}

/** As after some hundred images of this kind: costs known, one image in 6 ms on average. */
function plannedPolicy() {
  const costsUs = Array.from({ length: OPTIONS.maxBatchSize }, (_, index) => serviceMs(index + 1) * 1000);
  const gapsUs = Float64Array.from({ length: 100 }, () => 6000);
  const limits = { workers: OPTIONS.workers, maxWaitUs: OPTIONS.maxWaitMs * 1000 };
  const plan = choosePlan({ costsUs, gapsUs, meanGapUs: 6000, ...limits });
  const policy = optimal({ maxBatchSize: OPTIONS.maxBatchSize, ...limits }, plan);
  policy.observe({ kind: 'costs', costsUs, atUs: 0 });
  return policy;
}

function batch(startMs, ids) {
  const endMs = startMs + serviceMs(ids.length);
  const label = ids.length === 1 ? `${ids[0]}` : `${ids[0]}-${ids.at(-1)}`;
  return [
    ...ids.map((id) => {
      const arrivedMs = ARRIVALS_MS[id - 1];
      return `<line class="wait" x1="${x(arrivedMs)}" y1="${ARRIVAL_Y}" x2="${x(startMs)}" y2="${WORKER_Y}"/>`;
    }),
    `<rect class="batch" x="${x(startMs)}" y="${WORKER_Y}" width="${x(endMs) - x(startMs)}" height="${BATCH_HEIGHT}" rx="3"/>`,
    `<text x="${(x(startMs) + x(endMs)) / 2}" y="${WORKER_Y + BATCH_HEIGHT / 2 + 4}" text-anchor="middle">${label}</text>`,
  ];
}

function axis() {
  const y = WORKER_Y + BATCH_HEIGHT + 6;
  const ticks = [0, 10, 20, 30, 40].map(
    (ms) =>
      `<text class="quiet" x="${x(ms)}" y="${y + 16}" text-anchor="middle">${ms}${ms === 0 ? ' ms' : ''}</text>`,
  );
  return [`<line class="axis" x1="${LEFT}" y1="${y}" x2="${WIDTH - 12}" y2="${y}"/>`, ...ticks];
}
