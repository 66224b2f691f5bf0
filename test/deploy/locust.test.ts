import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAdapter, KNOWN_PORTS, PEERS } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { LOCUST_FOLDER } from '../fixtures/load-tools.js';

const run = promisify(execFile);
const python = await run('python3', ['--version']).then(
  () => null,
  () => 'python3 is not on the PATH',
);

/** Runs Python beside the load test, without Locust, and gives the JSON that it prints. */
async function ask(program: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await run('python3', ['-c', `import json, sys\n${program}`, ...args], {
    cwd: LOCUST_FOLDER,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(stdout);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-locust-'));
  await writeFile(join(folder, 'b.jpg'), IMAGES.jpeg);
  await writeFile(join(folder, 'a.png'), IMAGES.png);
  await writeFile(join(folder, 'c.JFIF'), IMAGES.jpeg);
  // What a folder may have besides: issue openneuro#2520 has the first.
  await writeFile(join(folder, '._b.jpg'), 'Mac OS X');
  await writeFile(join(folder, 'empty.jpg'), '');
  await mkdir(join(folder, 'folder.jpg'));
  await writeFile(join(folder, 'notes.txt'), 'no image');
});
afterAll(() => rm(folder, { recursive: true }));

describe('what Locust sends', () => {
  it('is Python', async ({ skip }) => {
    if (python !== null) skip(python);
    for (const file of ['locustfile.py', 'stack_requests.py', '../../locustfile.py']) {
      await ask('import ast\nast.parse(open(sys.argv[1]).read())\nprint("null")', file);
    }
  });

  it('goes to the ports and the fields that the lab knows', async ({ skip }) => {
    if (python !== null) skip(python);
    const stacks = await ask('import stack_requests as s\nprint(json.dumps(s.STACKS))');
    const known = KNOWN_PORTS.map(({ name, port }) => {
      const adapter = PEERS.find((peer) => peer.name === name)?.forms.tuned.adapter;
      return [name, [port, (adapter?.body === 'multipart' ? adapter.field : null) ?? 'file']];
    });
    expect(stacks).toEqual(Object.fromEntries(known));
  });

  it('takes the field from the stack, else from the port, as in the seeds', async ({ skip }) => {
    if (python !== null) skip(python);
    const fields = await ask(
      'from stack_requests import field_for as f\nprint(json.dumps([f("bentoml", "http://x:8000"), f("", "http://x:31800"), f(None, "http://x:8000"), f(None, "https://x"), f(None, None)]))',
    );
    expect(fields).toEqual(['files', 'files', 'file', 'file', 'file']);
  });

  it('is the bytes that servelab load sends, in the order of the names', async ({ skip }) => {
    if (python !== null) skip(python);
    const sent = await ask(
      'import base64, pathlib, stack_requests as s\nprint(json.dumps([[base64.b64encode(r.body).decode(), r.headers["Content-Type"]] for r in s.read_requests(pathlib.Path(sys.argv[1]), "files")]))',
      folder,
    );
    const { encode } = createAdapter({ body: 'multipart', field: 'files' });
    const expected = await Promise.all(
      ['a.png', 'b.jpg', 'c.JFIF'].map(async (name) => {
        const { bytes, contentType } = encode({ name, bytes: await readFile(join(folder, name)) });
        return [bytes.toString('base64'), contentType];
      }),
    );
    expect(sent).toEqual(expected);
  });

  it.skipIf(python !== null).each([
    [200, '{"predictions": [{"class_id": 281}]}', null],
    [200, '[{"predictions": [{"class_id": 281}]}]', null],
    [200, '{"results": [{"predictions": [{"class_id": 281}]}]}', null],
    [200, '{"predictions": []}', '[wrong] the answer has no class'],
    [200, '[]', '[wrong] the answer has no class'],
    [200, 'hello', '[wrong] the answer is not JSON'],
    [503, '{"code": "shed"}', '[rejected] status 503'],
    [500, '', '[failed] status 500'],
  ])('takes %i %s for what it is', async (status, body, fault) => {
    const program =
      'from stack_requests import fault_of\nprint(json.dumps(fault_of(int(sys.argv[1]), sys.argv[2].encode())))';
    expect(await ask(program, `${status}`, body)).toBe(fault);
  });
});
