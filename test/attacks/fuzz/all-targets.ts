import { turboJpegTarget } from '../ffi/turbojpeg-target.js';
import { answersTarget } from './answers-target.js';
import { codingsTarget } from './codings-target.js';
import { configTarget } from './config-target.js';
import { decoderTarget } from './decoder-target.js';
import { formsTarget } from './forms-target.js';
import type { FuzzTarget } from './fuzz-target.js';
import { headsTarget } from './heads-target.js';
import { imagesTarget } from './images-target.js';
import { importsTarget } from './imports-target.js';
import { jsonTarget } from './json-target.js';
import { loadTarget } from './load-target.js';
import { mixtureTarget } from './mixture-target.js';

export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  decoderTarget,
  turboJpegTarget,
  imagesTarget,
  formsTarget,
  jsonTarget,
  codingsTarget,
  headsTarget,
  mixtureTarget,
  answersTarget,
  loadTarget,
  importsTarget,
  configTarget,
];
