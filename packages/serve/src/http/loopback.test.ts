import { expect, it } from 'vitest';
import { isOwnName } from './loopback.js';

it.each<[header: string | undefined, bound: string, own: boolean]>([
  ['localhost:8080', '127.0.0.1', true],
  ['LOCALHOST', '127.0.0.1', true],
  ['localhost.:8080', '127.0.0.1', true],
  ['127.0.0.1:8080', 'localhost', true],
  ['127.9.9.9', '127.0.0.1', true],
  ['[::1]:8080', '::1', true],
  ['[::1]', '127.0.0.1', true],
  [undefined, '127.0.0.1', true],
  ['10.0.0.1:8080', '127.0.0.1', false],
  ['rebound.example', '127.0.0.1', false],
  ['localhost.rebound.example:8080', '127.0.0.1', false],
  ['127.0.0.1.rebound.example', '127.0.0.1', false],
  ['localhost@rebound.example', '127.0.0.1', false],
  ['', '127.0.0.1', false],
  ['a b', '127.0.0.1', false],
])('the Host header %j on a server bound to %s: its own is %s', (header, bound, own) => {
  expect(isOwnName(header, bound)).toBe(own);
});
