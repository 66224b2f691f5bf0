// Puts what images are built from into .servelab/images, afresh: the converted model, the same for the peers with pictures
// to hold their Keras model against, and the pictures that Locust and k6 send.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './data-sources.mjs';
import { loadCorpus } from '@servelab/lab';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CONTEXT = join(ROOT, '.servelab', 'images');
/** As many as the Keras model is held against where there are no photographs. */
const GOLDEN = 8;

await rm(CONTEXT, { recursive: true, force: true });
const folderOf = async (name) => {
  await mkdir(join(CONTEXT, name), { recursive: true });
  return join(CONTEXT, name);
};
const copyInto = async (folder, paths) => {
  for (const path of paths) await writeFile(join(folder, basename(path)), await readFile(path));
};

const model = await folderOf('model');
execFileSync(process.execPath, [join(ROOT, 'packages/cli/dist/main.js'), 'model', 'pull'], {
  env: { ...process.env, SERVELAB_CACHE_DIR: model },
  stdio: ['ignore', 'ignore', 'inherit'],
});
// What it was converted from is not needed to serve it.
await rm(join(model, 'sources'), { recursive: true, force: true });
// The cache is for its user alone; an image is for any.
for (const entry of await readdir(model, { recursive: true, withFileTypes: true })) {
  await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}
const models = join(model, 'models', 'mobilenet-v2');
const [converted] = await readdir(models);

const { folder, images } = await loadCorpus({ mix: '224', seed: 1, environment: process.env });
await copyInto(
  await folderOf('peer'),
  ['f32.onnx', 'labels.txt'].map((name) => join(models, converted, name)),
);
await copyInto(
  await folderOf('peer/golden'),
  images.slice(0, GOLDEN).map(({ path }) => path),
);
// k6 cannot list a folder: the manifest does it.
await copyInto(await folderOf('pictures'), [
  join(folder, 'manifest.json'),
  ...images.map(({ path }) => path),
]);
