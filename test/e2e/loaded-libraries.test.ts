import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const NOTE_IMPORTS = new URL('../fixtures/note-imports.mjs', import.meta.url).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-imports-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Exit code of a command, and the libraries that it imported. */
async function run(...args: string[]) {
  const noted = join(folder, 'imports');
  const { status } = spawnSync(process.execPath, ['--import', NOTE_IMPORTS, MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, NOTED_IMPORTS: noted },
  });
  const imports = (await readFile(noted, 'utf8')).split('\n');
  const libraries = imports.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  return { status, libraries: new Set(libraries) };
}

it.each(['serve', 'bench', 'load', 'report'])(
  '%s refuses a flag before it loads any library',
  async (name) => {
    expect(await run(name, '--colour', 'red')).toEqual({ status: 2, libraries: new Set() });
  },
);

it('load loads no server', async () => {
  const { status, libraries } = await run('load', 'http://127.0.0.1:9/predict', '--image', 'none.jpg');
  expect(status).toBe(2);
  expect(libraries).toContain('zod');
  for (const library of ['fastify', 'prom-client', 'onnxruntime-node'])
    expect(libraries).not.toContain(library);
});

it('serve refuses a policy before it loads the HTTP server', async () => {
  const { status, libraries } = await run('serve', '--policy', 'none-such');
  expect(status).toBe(2);
  expect(libraries).not.toContain('fastify');
});

it('serve loads its schemas for the first reader of the document, and not to start', async () => {
  const { status, libraries } = await run('serve', '--host', '192.0.2.1', '--port', '0');
  expect(status).toBe(3);
  expect(libraries).toContain('fastify');
  expect(libraries).not.toContain('zod');
});
