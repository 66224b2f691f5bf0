import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadPlan } from './load-plan.js';
import { runDriver } from './run-driver.js';

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
const S = 1e6;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-https-'));
  await writeFile(join(folder, 'a.jpg'), Buffer.alloc(24_000, 7));
});
afterEach(async () => {
  delete process.env.NODE_EXTRA_CA_CERTS;
  await rm(folder, { recursive: true, force: true });
});

/** A key and a certificate for localhost, signed by itself. */
function makeCertificate() {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  spawnSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert]);
  return { key, cert };
}

async function planFor(server: Server): Promise<LoadPlan> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/predict`,
    adapter: { body: 'json' },
    images: [{ path: join(folder, 'a.jpg'), expectedClass: null }],
    load: { mode: 'closed', concurrency: 3 },
    warmupUs: 0,
    durationUs: 0.4 * S,
    timeoutUs: 60 * S,
    graceUs: 60 * S,
    seed: 1,
    checkShare: 0,
    recordsPath: join(folder, 'records.ndjson'),
  };
}

describe('an https target', () => {
  async function loadHttps(trusted: boolean, change: Partial<LoadPlan> = {}) {
    const { key, cert } = makeCertificate();
    if (trusted) process.env.NODE_EXTRA_CA_CERTS = cert; // read by the driver's process when it starts
    const server = createServer(
      { key: await readFile(key), cert: await readFile(cert) },
      (request, response) => {
        request.resume().on('end', () => response.end('{}'));
      },
    );
    try {
      return await runDriver({ ...(await planFor(server)), ...change });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('is loaded like any other', async ({ skip }) => {
    skip(!hasOpenssl, 'openssl is not installed');
    const { counts } = await loadHttps(true);
    expect(counts.ok).toBeGreaterThan(0);
    expect(counts.ok).toBe(counts.scheduled);
  });

  it('is refused when its certificate is not trusted', async ({ skip }) => {
    skip(!hasOpenssl, 'openssl is not installed');
    const failure = await loadHttps(false).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/cannot connect to .*SELF_SIGNED/),
      // wrk#511: people need to hear what to do about it.
      fix: expect.stringMatching(/NODE_EXTRA_CA_CERTS.*--insecure/),
      exitCode: 3,
    });
  });

  it('is loaded without a look at its certificate where that is asked for', async ({ skip }) => {
    skip(!hasOpenssl, 'openssl is not installed');
    const { counts } = await loadHttps(false, { insecure: true });
    expect(counts.ok).toBe(counts.scheduled);
    expect(counts.ok).toBeGreaterThan(0);
  });
});

it('gives up on a target that does not shake hands within the time-out', async () => {
  const silent = createTcpServer((socket) => socket.resume().on('error', () => socket.destroy()));
  const plan = { ...(await planFor(silent)), timeoutUs: 0.3 * S };
  await expect(runDriver(plan)).rejects.toThrow('no answer within the time-out');
  await new Promise((resolve) => silent.close(resolve));
});
