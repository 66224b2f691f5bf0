import { randomUUID } from 'node:crypto';
import { findCores, PEER_FORMS, PEERS, type RunningStack, type Stack } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coreListsOf } from '../fixtures/cores-of-processes.js';
import { MARK, markedProcesses } from '../fixtures/marked-processes.js';
import { peerMissing, peerStackFor } from '../fixtures/peers.js';
import { ALL_FORMS, describeHttpContract } from './contract-suite.js';
import { describeGoldenAnswers } from './golden-suite.js';
import { describeNativeInterface } from './native-suite.js';
import { PEER_LIMITS } from './peer-limits.js';

/** Raw bodies are servelab's own. */
const CONTRACT_FORMS = new Set([...ALL_FORMS].filter((form) => form !== 'raw'));

const cases = PEERS.flatMap((peer) =>
  PEER_FORMS.map((form) => ({ peer, form, name: `${peer.name}/${form}` })),
);

const cores = await findCores();

for (const { peer, form, name } of cases) {
  const missing = peerMissing(peer.name);
  if (missing !== null) {
    it(`${name} keeps the contract`, (context) => context.skip(missing));
    continue;
  }
  describe(name, () => {
    let running: RunningStack;
    const mark = randomUUID();
    beforeAll(async () => {
      const stack: Stack = await peerStackFor(name);
      process.env[MARK] = mark;
      running = await stack.start(cores.pinned ? cores.server : null, new AbortController().signal);
    });
    afterAll(async () => {
      expect(await running?.stop()).toEqual([]);
      expect(await markedProcesses(mark)).toEqual([]);
    });

    it('is held to the server’s cores, every thread of every process', async (context) => {
      if (!cores.pinned) return context.skip(cores.reason);
      expect(await coreListsOf(await markedProcesses(mark))).toEqual([cores.server.join(',')]);
    });

    const limits = PEER_LIMITS[name] ?? {};
    const { adapter } = peer.forms[form];
    const predictUrl = () => running.predictUrl;
    if (form === 'tuned') {
      describeHttpContract({ name, forms: CONTRACT_FORMS, limits, url: () => running.url });
    } else {
      describeNativeInterface({ name, adapter, limits, predictUrl });
    }
    describeGoldenAnswers({ name, adapter, predictUrl });
  });
}
