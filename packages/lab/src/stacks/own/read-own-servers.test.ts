import { describe, expect, it } from 'vitest';
import { readOwnServers } from './read-own-servers.js';

const URL = 'http://127.0.0.1:5000/predict';
const read = (entry: unknown) => readOwnServers({ mine: entry }, '/home/me')[0];

describe('readOwnServers', () => {
  it('fills in what an address alone leaves open', () => {
    expect(read({ url: URL })).toEqual({
      name: 'mine',
      url: URL,
      start: null,
      readyPath: null,
      adapter: { body: 'multipart' },
      expect: 'contract',
      runtime: 'unknown',
      precision: 'f32',
    });
  });

  it('takes a line for the shell, or a list of words, and runs it where the file lies', () => {
    const url = 'http://127.0.0.1:{port}/predict';
    expect(read({ url, command: 'node a.mjs' })?.start).toEqual({
      command: ['sh', '-c', 'node a.mjs'],
      cwd: '/home/me',
      environment: {},
    });
    const environment = { THREADS: 2, QUIET: true };
    expect(read({ url, command: ['node', 'a.mjs', 8], cwd: 'work', environment })?.start).toEqual({
      command: ['node', 'a.mjs', '8'],
      cwd: '/home/me/work',
      environment: { THREADS: '2', QUIET: 'true' },
    });
  });

  it.each<[what: string, entry: unknown, message: string]>([
    ['an entry that is no mapping', 5000, 'stacks.mine in the configuration file is not a mapping'],
    [
      'a key that nobody knows',
      { url: URL, port: 1 },
      'stacks.mine.port in the configuration file is not known',
    ],
    ['a missing url', {}, 'stacks.mine.url in the configuration file is missing'],
    [
      'a url that is none',
      { url: 'localhost:5000' },
      'stacks.mine.url in the configuration file is "localhost:5000"',
    ],
    [
      'an open port of a server that nobody starts',
      { url: 'http://127.0.0.1:{port}/' },
      'leaves the port open',
    ],
    [
      'a body of another kind',
      { url: URL, body: 'xml' },
      'stacks.mine.body in the configuration file is "xml"',
    ],
    ['a field of a raw body', { url: URL, body: 'raw', field: 'image' }, 'stacks.mine.field'],
    ['an expectation of another kind', { url: URL, expect: 'golden' }, 'stacks.mine.expect'],
    ['a readiness path without a slash', { url: URL, ready: 'health' }, 'stacks.mine.ready'],
    ['an empty command', { url: URL, command: [] }, 'stacks.mine.command'],
    ['a folder without a command', { url: URL, cwd: '.' }, 'stacks.mine.cwd'],
    ['a variable that is no text', { url: URL, command: 'x', environment: { A: [1] } }, 'environment.A'],
    ['a number for a text', { url: 5000 }, 'stacks.mine.url in the configuration file is 5000'],
  ])('refuses %s', (_what, entry, message) => {
    expect(() => read(entry)).toThrow(message);
  });

  it.each([
    ['servelab', 'has a name that is taken'],
    ['bentoml', 'has a name that is taken'],
    ['My Server', 'stacks has the name "My Server"'],
  ])('refuses the name %s', (name, message) => {
    expect(() => readOwnServers({ [name]: { url: URL } }, '.')).toThrow(message);
  });
});
