import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pythonTool } from '../fixtures/python-tool.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

const FOLDER = fileURLToPath(new URL('schemathesis', import.meta.url));

/** With a seed, so that a run is as the one before. */
const RUN = ['--checks', 'all', '--phases', 'coverage,fuzzing', '--seed', '1', '--max-examples', '100'];

/** Exit code and words of a program that runs where its configuration and hooks lie. */
async function run(path: string, args: readonly string[], folder: string): Promise<[number | null, string]> {
  const child = spawn(path, args, {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: FOLDER, SCHEMATHESIS_HOOKS: 'hooks', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
  }
  return await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve([code, words]));
  });
}

const schemathesis = await pythonTool('schemathesis', 'schemathesis');

describe('the OpenAPI document', () => {
  // Schemathesis found an empty image_base64 that the document allowed and the server refused.
  it('says what the server does: Schemathesis finds no difference', async ({ skip }) => {
    if ('missing' in schemathesis) return skip(schemathesis.missing);
    const server = await SimulatedServer.start({ batch_ms: { 1: 0.1, 8: 0.2 } }, '--workers', '1');
    const folder = await mkdtemp(join(tmpdir(), 'servelab-schemathesis-'));
    try {
      const configuration = ['--config-file', join(FOLDER, 'schemathesis.toml')];
      const words = ['run', `${server.url}/openapi.json`, ...RUN, '--no-color', '--warnings', 'off'];
      const [code, said] = await run(schemathesis.path, [...configuration, ...words], folder);
      expect(code, said).toBe(0);
      expect(said).toContain('No issues found');
    } finally {
      await rm(folder, { recursive: true });
      await server.stop();
    }
  });
});
