// A batching policy of one's own: ./servelab serve --policy examples/my-policy.mjs
//
// Pure: no timers, no clock, no I/O. The server calls it after every event and carries out its decision; a policy that
// throws or returns an invalid decision is replaced by greedy, and the server logs it.
// docs/policies.md has the whole interface.

/**
 * Pairs: two images together, or one alone once it has waited 5 ms.
 *
 * @param {import('@servelab/serve').PolicyOptions} options
 * @returns {import('@servelab/serve').Policy}
 */
export default function pairs({ maxBatchSize }) {
  const size = Math.min(2, maxBatchSize);
  const waitBudgetUs = 5000;
  return {
    name: 'pairs',
    // Called with arrivals, cancellations, finished batches, ...; this one learns nothing.
    observe() {},
    decide({ waiting, idleWorkers, nextBatchId }, nowUs) {
      const form = [];
      const start = [];
      for (const worker of idleWorkers) {
        const batch = waiting.slice(form.length * size, (form.length + 1) * size);
        if (batch.length === 0) break;
        const endUs = batch[0].arrivedUs + waitBudgetUs;
        // While an image waits and a worker is idle, a decision has to give the moment of the next one.
        if (batch.length < size && nowUs < endUs) return { form, start, shed: [], wakeAtUs: endUs };
        start.push({ batch: nextBatchId + form.length, worker });
        form.push({
          ids: batch.map(({ id }) => id),
          reason: batch.length === size ? 'a pair is complete' : 'no second image came within 5 ms',
          rule: batch.length === size ? 'pair' : 'alone',
        });
      }
      return { form, start, shed: [] };
    },
  };
}
