import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PEER_FORMS, PEERS } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peerLaunch } from '../../packages/lab/src/peers/peer-launch.js';

const DOCKER = fileURLToPath(new URL('../../deploy/docker/', import.meta.url));
const run = promisify(execFile);
/** What differs from machine to machine, or is chosen when the container is started. */
const PLACES = ['PATH', 'PYTHONPATH', 'MODEL_PATH', 'LABELS_PATH', 'HOST', 'PORT'];
const LISTEN = { host: '0.0.0.0', port: 5001 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-peer-image-'));
  for (const program of ['python', 'uvicorn']) {
    const path = join(folder, program);
    await writeFile(path, '#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$@"\necho "$PORT $MODEL_PATH"\n');
    await chmod(path, 0o755);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const launch = (peer: (typeof PEERS)[number], form: (typeof PEER_FORMS)[number]) =>
  peerLaunch({ ...LISTEN, peer, form, environmentFolder: '/e', modelPath: '', labelsPath: '' });

describe('the image of a peer', () => {
  it.each(PEERS.flatMap((peer) => PEER_FORMS.map((form) => [peer.name, form, peer] as const)))(
    'starts %s in its form %s as the lab does',
    async (name, form, peer) => {
      const start = (port: Readonly<Record<string, string>>) =>
        run(join(DOCKER, 'start-peer.sh'), {
          env: { PATH: `${folder}:/usr/bin:/bin`, PEER: name, FORM: form, HOST: LISTEN.host, ...port },
        });
      const { stdout } = await start({ PORT: `${LISTEN.port}` });
      const [program = '', ...words] = launch(peer, form).command;
      const model = form === 'seeds' ? '/model/mobilenet_v2.keras' : '/model/f32.onnx';
      expect(stdout.trim().split('\n')).toEqual([
        program.replace('/e/bin/', ''),
        ...words,
        `${LISTEN.port} ${model}`,
      ]);
      expect((await start({})).stdout).toContain(`${peer.port} ${model}`);
    },
  );

  it('gives its program the environment that the lab gives', async () => {
    const file = await readFile(join(DOCKER, 'peer.Dockerfile'), 'utf8');
    const [text = ''] = file.replaceAll('\\\n', ' ').match(/^ENV .*$/m) ?? [];
    const given = Object.fromEntries(
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key, value]),
    );
    const [peer] = PEERS;
    if (peer === undefined) throw new Error('there is no peer');
    const expected = Object.entries(launch(peer, 'tuned').environment).filter(
      ([key]) => !PLACES.includes(key),
    );
    expect(expected.length).toBeGreaterThan(5);
    for (const [key, value] of expected) expect(given[key], key).toBe(value);
  });

  it('refuses a form that there is none of', async () => {
    const env = { PATH: '/usr/bin:/bin', PEER: 'fastapi', FORM: 'fast' };
    await expect(run(join(DOCKER, 'start-peer.sh'), { env })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('FORM=tuned or FORM=seeds'),
    });
  });
});
