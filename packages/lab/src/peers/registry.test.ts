import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PEERS } from './peers.js';
import { QUIRKS } from './quirks.js';
import { REGISTRY } from './registry.js';
import { lockFile, STACKS_FOLDER } from './stacks-folder.js';

const TARGETS = [REGISTRY.servelab, ...REGISTRY.frameworks];
const repeated = (values: readonly (string | number)[]) =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe('the registry', () => {
  it('gives every server a name, a port and a node port of its own', () => {
    expect(repeated(TARGETS.map(({ name }) => name))).toEqual([]);
    expect(repeated(TARGETS.map(({ port }) => port))).toEqual([]);
    expect(repeated(TARGETS.map(({ nodePort }) => nodePort))).toEqual([]);
  });

  it.each(REGISTRY.frameworks)('has the version of $title that its lock pins', async (framework) => {
    const { name, distribution, version } = framework;
    const pins = (await readFile(lockFile(name), 'utf8')).match(/^[\w.-]+==[^ ;\\]+/gm);
    expect(pins).toContain(`${distribution}==${version}`);
  });

  it.each(REGISTRY.frameworks)('has a service of $title in both forms', async ({ name }) => {
    for (const form of ['seeds.py', 'tuned.py']) await access(join(STACKS_FOLDER, name, form));
  });

  it('has an entry for every framework with quirks', () => {
    expect(REGISTRY.frameworks.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(QUIRKS)));
  });
});

describe('a framework', () => {
  const bentoml = PEERS.find(({ name }) => name === 'bentoml');
  const fastapi = PEERS.find(({ name }) => name === 'fastapi');

  it('is started with form, host and port in the places of its command', () => {
    expect(fastapi?.forms.seeds.command({ host: '127.0.0.2', port: 81 })).toEqual([
      'uvicorn',
      'seeds:app',
      '--host',
      '127.0.0.2',
      '--port',
      '81',
      '--no-access-log',
    ]);
  });

  it('has the variables of all, and its own', () => {
    expect(bentoml?.environment).toMatchObject({ OMP_NUM_THREADS: '1', BENTOML_DO_NOT_TRACK: '1' });
    expect(fastapi?.environment).not.toHaveProperty('BENTOML_DO_NOT_TRACK');
  });

  it('has its quirks in both forms', () => {
    expect(bentoml?.forms.seeds).toMatchObject({ readyPath: '/readyz', warmupRequests: 89 });
    expect(bentoml?.forms.tuned).toMatchObject({ readyPath: '/health', warmupRequests: 89 });
  });
});
