import { environmentError, type UserError } from '@servelab/core';
import type { ProgramEnd } from '../process/run-program.js';

const AGAIN = 'What was half made has been removed';

/** What a failed installer printed, in words that say what to do. Nothing half made is left when it is thrown. */
export function installError(name: string, step: string, { code, tail }: ProgramEnd): UserError {
  const how = code === null ? 'was ended from outside or could not be started' : `ended with ${code}`;
  const said = tail.trim() === '' ? '' : `:\n${tail.trim().replaceAll(/^/gm, '    ')}`;
  return environmentError(`${name} is not installed: ${step} ${how}${said}`, `${AGAIN}. ${advice(tail)}`);
}

function advice(tail: string): string {
  if (/hash mismatch|do not match the hashes/i.test(tail)) {
    return 'The package index offers another file than the lock names: look at who answers for it (a mirror, a proxy), and do not install it from there.';
  }
  if (/no space left|disk quota/i.test(tail)) {
    return 'Make room, or name a folder on another disk in SERVELAB_CACHE_DIR; then run it again.';
  }
  if (/ensurepip/i.test(tail)) {
    return 'This Python lacks its venv module: install it (Debian: python3.11-venv), or install uv; then run it again.';
  }
  if (/connect|resolve host|resolution|timed? ?out|dns|network|certificate/i.test(tail)) {
    return 'The package index was not reached: check the network, a proxy (HTTPS_PROXY) or a mirror (UV_INDEX_URL, PIP_INDEX_URL); then run it again.';
  }
  return 'Read what the installer said above; then run it again.';
}
