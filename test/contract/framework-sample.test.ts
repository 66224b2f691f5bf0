import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peerOf } from '../../packages/lab/src/peers/peers.js';
import {
  frameworkSchema,
  PEER_FORMS,
  type PeerFormName,
  REGISTRY,
} from '../../packages/lab/src/peers/registry.js';
import { CHECKOUT } from '../fixtures/checkout.js';
import { environmentOf, modelOf, peerMissing } from '../fixtures/peers.js';
import { pythonTool } from '../fixtures/python-tool.js';
import { ALL_FORMS, describeHttpContract } from './contract-suite.js';
import { describeNativeInterface } from './native-suite.js';

const STACKS = join(CHECKOUT, 'stacks');
/** Raw bodies are servelab's own. */
const CONTRACT_FORMS = new Set([...ALL_FORMS].filter((form) => form !== 'raw'));
/** It has all that the sample's lock would have. */
const ENVIRONMENT = 'fastapi';

const page = await readFile(join(CHECKOUT, 'docs', 'add-a-framework.md'), 'utf8');
const files = new Map(
  [...page.matchAll(/^<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [
    name,
    text,
  ]),
);
const fileOf = (name: string): string => files.get(name) ?? '';
const entry = frameworkSchema.parse(JSON.parse(fileOf('entry.json')));
const peer = peerOf(entry);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-framework-'));
  for (const name of ['seeds.py', 'tuned.py']) await writeFile(join(folder, name), fileOf(name));
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts a form of the sample as its entry says, at a port that the system chooses, which uvicorn prints. */
async function start(form: PeerFormName): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const [program = '', ...words] = peer.forms[form].command({ host: '127.0.0.1', port: 0 });
  const { modelPath, labelsPath } = await modelOf(ENVIRONMENT, form);
  const child = spawn(join(environmentOf(ENVIRONMENT), 'bin', program), words, {
    cwd: folder,
    env: {
      ...process.env,
      ...peer.environment,
      PYTHONPATH: join(STACKS, 'common'),
      MODEL_PATH: modelPath,
      LABELS_PATH: labelsPath,
      PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const [, address] = /running on (http:\S+)/.exec(printed) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error(printed)));
  });
  return { child, url };
}

describe('the framework of docs/add-a-framework.md', () => {
  it('has an entry that the registry can take', () => {
    for (const key of ['name', 'port', 'nodePort'] as const) {
      const taken = [REGISTRY.servelab, ...REGISTRY.frameworks].map((target) => target[key]);
      expect(taken).not.toContain(entry[key]);
    }
  });

  it('has Python as the other services have it', async ({ skip }) => {
    const ruff = await pythonTool('lint', 'ruff');
    if ('missing' in ruff) return skip(ruff.missing);
    const config = ['--config', join(STACKS, 'pyproject.toml'), '--no-cache', folder];
    for (const words of [['check'], ['format', '--check']]) {
      // From there, so that stackkit counts as our own.
      await promisify(execFile)(ruff.path, [...words, ...config], { cwd: STACKS });
    }
  });
});

const missing = peerMissing(ENVIRONMENT);
for (const form of PEER_FORMS) {
  const name = `${entry.name}/${form}`;
  describe.skipIf(missing !== null)(missing === null ? name : `${name} (${missing})`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start(form);
    });
    afterAll(async () => {
      server.child.kill();
      await once(server.child, 'exit');
    });

    it('is ready where its entry says', async () => {
      expect((await fetch(`${server.url}${peer.forms[form].readyPath}`)).status).toBe(200);
    });

    if (form === 'tuned') {
      describeHttpContract({ name, forms: CONTRACT_FORMS, url: () => server.url });
    } else {
      const { adapter } = peer.forms[form];
      describeNativeInterface({ name, adapter, limits: {}, predictUrl: () => `${server.url}/predict` });
    }
  });
}
