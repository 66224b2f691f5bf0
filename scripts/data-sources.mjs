// Import it first in a program of this repository that needs the weights or the photographs. A workspace may have them in a
// folder `shared` beside the checkout: then the environment of this process, and of those that it starts, names that folder,
// unless the caller named another source. ./servelab does the same for the command line; the packages know no such folder.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

for (const [variable, name] of [
  ['SERVELAB_MODEL_SOURCE', 'model'],
  ['SERVELAB_IMAGE_SOURCE', 'images'],
]) {
  const folder = fileURLToPath(new URL(`../../shared/${name}`, import.meta.url));
  if (!process.env[variable] && existsSync(folder)) process.env[variable] = folder;
}
