import { PEER_FORMS, PEERS, type RunningStack, type Stack } from '@servelab/lab';
import { afterAll, beforeAll, describe, it } from 'vitest';
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

for (const { peer, form, name } of cases) {
  const missing = peerMissing(peer.name);
  if (missing !== null) {
    it(`${name} keeps the contract`, (context) => context.skip(missing));
    continue;
  }
  describe(name, () => {
    let running: RunningStack;
    beforeAll(async () => {
      const stack: Stack = await peerStackFor(name);
      running = await stack.start(null, new AbortController().signal);
    });
    afterAll(async () => {
      await running?.stop();
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
