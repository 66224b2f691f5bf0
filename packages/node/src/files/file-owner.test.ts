import { expect, it } from 'vitest';
import { isOwnFile } from './file-owner.js';

it.each([
  ['of the user', { uid: 1000, mode: 0o100600 }, 1000, true],
  ["of the user and the user's group", { uid: 1000, mode: 0o100664 }, 1000, true],
  ['of the user, but for all to write', { uid: 1000, mode: 0o100666 }, 1000, false],
  ['of root', { uid: 0, mode: 0o100644 }, 1000, true],
  ['of somebody else', { uid: 1001, mode: 0o100644 }, 1000, false],
  ['of a user, for root', { uid: 1001, mode: 0o100600 }, 0, false],
  ['where there are no owners', { uid: 0, mode: 0o100666 }, undefined, true],
])('a file %s is believed: %#', (_whose, file, uid, believed) => {
  expect(isOwnFile(file, uid)).toBe(believed);
});
