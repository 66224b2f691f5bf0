import { expect, it } from 'vitest';
import { PEERS } from '../peers/peers.js';
import { expandAll } from './all-stacks.js';
import { SERVELAB_POLICIES } from './servelab-stacks.js';
import { parseStackName } from './stack-name.js';

it('takes all for servelab’s policies, every peer in both forms, and BentoML without its batching', () => {
  const names = expandAll(['all', 'servelab:none@int8']);
  expect(names).toHaveLength(SERVELAB_POLICIES.length + 2 * PEERS.length + 2 + 1);
  expect(names.map((name) => parseStackName(name).name)).toEqual(names);
});

it('leaves other names alone', () => {
  expect(expandAll(['fastapi/seeds'])).toEqual(['fastapi/seeds']);
});
