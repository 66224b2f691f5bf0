import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { containersMissing } from '../fixtures/docker.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

const IMAGE = 'servelab/k6:0.1.0';
const LACKING = containersMissing(IMAGE);

describe.skipIf(LACKING !== null)(`the image of k6 (${LACKING ?? 'Docker'})`, () => {
  it('sends its pictures to a server, without rights and on a file system that is read-only', async () => {
    const server = await SimulatedServer.start({ batch_ms: { 1: 10 } }, '--policy', 'none');
    try {
      const variables = [`BASE_URL=${server.url}`, 'USERS=2', 'DURATION=1'].flatMap((one) => ['--env', one]);
      const words = ['--rm', '--network', 'host', '--read-only', '--cap-drop', 'ALL', ...variables, IMAGE];
      const { status, stdout, stderr } = spawnSync('docker', ['run', ...words], { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      expect(stdout).toMatch(/checks_succeeded.*100\.00%/);
      expect(await server.metric('servelab_requests_total')).toBeGreaterThan(0);
    } finally {
      await server.stop();
    }
  });
});
