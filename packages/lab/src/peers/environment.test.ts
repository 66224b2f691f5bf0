import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pythonVersion, stampOf } from './environment.js';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

async function madeWith(python: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-environment-'));
  folders.push(folder);
  const stamp = { name: 'any', lock_sha256: 'a', python, installer: 'pip', seconds: 1 };
  await writeFile(stampOf(folder), JSON.stringify(stamp));
  return folder;
}

describe('the Python of the environments', () => {
  it('is one where all were made with the same, and none where there are no environments', async () => {
    const [first, second] = [await madeWith('3.11.7'), await madeWith('3.11.7')];
    expect(await pythonVersion({ fastapi: first, bentoml: second })).toBe('3.11.7');
    expect(await pythonVersion({})).toBeNull();
  });

  it('is told by name where they differ', async () => {
    const environments = { fastapi: await madeWith('3.11.7'), bentoml: await madeWith('3.10.12') };
    expect(await pythonVersion(environments)).toEqual({ fastapi: '3.11.7', bentoml: '3.10.12' });
  });
});
