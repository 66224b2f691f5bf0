import { describe, expect, it } from 'vitest';
import { configSha256, takeFingerprint } from './fingerprint.js';

describe('the fingerprint', () => {
  const asked = { profile: 'quick', stacks: ['servelab:none'], seed: 1 };

  it('has one hash for what was asked for, wherever the run is left and however its end is told', () => {
    const hash = configSha256({ ...asked, out: 'a', json: false });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(configSha256({ ...asked, out: 'b', json: true, strict: true })).toBe(hash);
    expect(configSha256({ ...asked, seed: 2, out: 'a' })).not.toBe(hash);
  });

  it('knows this machine, and no commit where there is no checkout', async () => {
    const fingerprint = await takeFingerprint('/', { pinned: false, reason: 'a test' });
    expect(fingerprint).toMatchObject({
      node: process.version,
      commit: null,
      dirty: null,
      server_cores: null,
    });
    expect(fingerprint.cpu_count).toBeGreaterThan(0);
    expect(fingerprint.memory_gib).toBeGreaterThan(0);
  });
});
