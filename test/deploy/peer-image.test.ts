import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PEER_FORMS, PEERS } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peerLaunch } from '../../packages/lab/src/peers/peer-launch.js';

const DOCKER = fileURLToPath(new URL('../../deploy/docker/', import.meta.url));
const run = promisify(execFile);
/** The path of Python itself: in the test's PATH another program has its name. Null where there is none. */
const python = await run('python3', ['-c', 'import sys; print(sys.executable)']).then(
  ({ stdout }) => stdout.trim(),
  () => null,
);
const MISSING = python === null ? 'python3 is not on the PATH' : null;
/** What differs from machine to machine, or is chosen when the container is started. */
const PLACES = ['PATH', 'PYTHONPATH', 'MODEL_PATH', 'LABELS_PATH', 'HOST', 'PORT'];
const LISTEN = { host: '0.0.0.0', port: 5001 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-peer-image-'));
  for (const program of new Set(PEERS.map(({ forms }) => forms.tuned.command(LISTEN)[0] ?? ''))) {
    const path = join(folder, program);
    await writeFile(path, '#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$@"\necho "$PORT $MODEL_PATH"\n');
    await chmod(path, 0o755);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a program of the image with these variables. */
const inImage = (program: string, environment: Readonly<Record<string, string>>) =>
  run(python ?? '', [join(DOCKER, program)], {
    env: { PATH: `${folder}:/usr/bin:/bin`, PYTHONDONTWRITEBYTECODE: '1', ...environment },
  });

const launch = (peer: (typeof PEERS)[number], form: (typeof PEER_FORMS)[number]) =>
  peerLaunch({ ...LISTEN, peer, form, environmentFolder: '/e', modelPath: '', labelsPath: '' });

const CASES = PEERS.flatMap((peer) => PEER_FORMS.map((form) => ({ name: peer.name, form, peer })));

describe.skipIf(MISSING !== null)(
  `the image of a framework${MISSING === null ? '' : ` (${MISSING})`}`,
  () => {
    it.each(CASES)('starts $name in its form $form as the lab does', async ({ name, form, peer }) => {
      const start = (port: Readonly<Record<string, string>>) =>
        inImage('start_peer.py', { PEER: name, FORM: form, HOST: LISTEN.host, ...port });
      const { stdout } = await start({ PORT: `${LISTEN.port}` });
      const [program = '', ...words] = launch(peer, form).command;
      const model = form === 'seeds' ? '/model/mobilenet_v2.keras' : '/model/f32.onnx';
      expect(stdout.trim().split('\n')).toEqual([
        program.replace('/e/bin/', ''),
        ...words,
        `${LISTEN.port} ${model}`,
      ]);
      expect((await start({})).stdout).toContain(`${peer.port} ${model}`);
    });

    it.each(CASES)('is healthy where $name/$form answers 200 at the route that the lab asks', async (one) => {
      const asked: string[] = [];
      const server = createServer(({ url = '' }, response) => {
        asked.push(url);
        response.writeHead(asked.length === 1 ? 200 : 503).end();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = server.address() as AddressInfo;
        const healthy = () => inImage('healthy.py', { PEER: one.name, FORM: one.form, PORT: `${port}` });
        await healthy();
        await expect(healthy()).rejects.toMatchObject({ code: 1 });
        expect(new Set(asked)).toEqual(new Set([one.peer.forms[one.form].readyPath]));
      } finally {
        server.close();
      }
    });

    it('gives its program the environment that the lab gives', async () => {
      const file = await readFile(join(DOCKER, 'peer.Dockerfile'), 'utf8');
      const texts = file.replaceAll('\\\n', ' ').match(/^ENV .*$/gm) ?? [];
      const given = Object.fromEntries(
        texts.flatMap((text) => [...text.matchAll(/(\w+)=(\S+)/g)]).map(([, key, value]) => [key, value]),
      );
      for (const peer of PEERS) {
        const expected = Object.entries(launch(peer, 'tuned').environment).filter(
          ([key]) => !PLACES.includes(key),
        );
        expect(expected.length).toBeGreaterThan(5);
        for (const [key, value] of expected) expect(given[key], `${peer.name}: ${key}`).toBe(value);
      }
    });

    it('refuses a form that there is none of', async () => {
      await expect(inImage('start_peer.py', { PEER: 'fastapi', FORM: 'fast' })).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('FORM=tuned or FORM=seeds'),
      });
    });
  },
);
