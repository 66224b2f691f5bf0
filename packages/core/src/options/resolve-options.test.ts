import { describe, expect, it } from 'vitest';
import { UserError } from '../errors/user-error.js';
import type { OptionTable } from './option-table.js';
import { type OptionSources, resolveOptions } from './resolve-options.js';

const table = {
  maxBatchSize: { type: 'integer', default: 8, min: 1, max: 64, doc: '' },
  port: { type: 'integer', default: 8080, min: 0, max: 65_535, doc: '' },
  policy: { type: 'string', default: 'greedy', choices: ['none', 'greedy'], doc: '' },
  levels: { type: 'list', default: ['8'], doc: '' },
  kinds: { type: 'list', default: null, choices: ['a', 'b'], doc: '' },
  json: { type: 'boolean', default: false, doc: '' },
  header: { type: 'list', default: null, repeated: true, doc: '' },
  template: { type: 'string', default: null, orJson: true, doc: '' },
  out: { type: 'string', default: null, doc: '' },
} as const satisfies OptionTable;

const resolve = (sources: OptionSources) => resolveOptions(table, sources);

describe('resolveOptions', () => {
  it('takes flags before the environment before the file before the defaults, and says which', () => {
    const { values, origins } = resolve({
      flags: { 'max-batch-size': '4' },
      environment: { SERVELAB_MAX_BATCH_SIZE: '2', SERVELAB_POLICY: 'none' },
      file: { 'max-batch-size': 3, policy: 'greedy', json: true },
    });
    expect(values).toEqual({
      maxBatchSize: 4,
      port: 8080,
      policy: 'none',
      levels: ['8'],
      kinds: null,
      json: true,
      header: null,
      template: null,
      out: null,
    });
    expect(origins).toEqual({
      maxBatchSize: 'flag',
      port: 'default',
      policy: 'environment',
      levels: 'default',
      kinds: 'default',
      json: 'file',
      header: 'default',
      template: 'default',
      out: 'default',
    });
  });

  it('takes properties by their camelCase names', () => {
    const { values, origins } = resolve({ properties: { maxBatchSize: 4, policy: undefined } });
    expect(values).toMatchObject({ maxBatchSize: 4, policy: 'greedy' });
    expect(origins).toMatchObject({ maxBatchSize: 'property', policy: 'default' });
  });

  // vllm#18209: a Service named as the program is made it fail at the start, since its port is an address there.
  it.each(['tcp://10.0.0.1:8080', 'udp://10.0.0.1:53', 'tcp://[fd00::1]:8080'])(
    'takes no value from the service link %s of Kubernetes, and tells of it',
    (text) => {
      const { values, origins, serviceLinks } = resolve({
        environment: { SERVELAB_PORT: text, SERVELAB_PORT_8080_TCP: text, SERVELAB_SERVICE_HOST: '10.0.0.1' },
        file: { port: 9000 },
      });
      expect(values.port).toBe(9000);
      expect(origins.port).toBe('file');
      expect(serviceLinks).toEqual({ port: { variable: 'SERVELAB_PORT', text } });
    },
  );

  it('takes what only resembles a service link as the value that it is', () => {
    expect(() => resolve({ environment: { SERVELAB_PORT: '10.0.0.1:8080' } })).toThrow('SERVELAB_PORT is');
    expect(resolve({ environment: { SERVELAB_OUT: 'tcp://a:1' } }).values.out).toBe('tcp://a:1');
  });

  it('splits a list at commas and spaces', () => {
    expect(resolve({ flags: { levels: '1, 5 10' } }).values.levels).toEqual(['1', '5', '10']);
    expect(resolve({ file: { kinds: ['b', 'a'] } }).values.kinds).toEqual(['b', 'a']);
  });

  it.each<[where: string, sources: OptionSources]>([
    ['as flags', { flags: { header: ['A: 1, 2', 'B: 3'] } }],
    ['as the lines of a variable', { environment: { SERVELAB_HEADER: 'A: 1, 2\nB: 3' } }],
    ['as a mapping in the file', { file: { header: { A: '1, 2', B: 3 } } }],
    ['as a list in the file, its items quoted or not', { file: { header: ['A: 1, 2', { B: 3 }] } }],
  ])('takes the items of a repeated list whole, %s', (_where, sources) => {
    expect(resolve(sources).values.header).toEqual(['A: 1, 2', 'B: 3']);
  });

  it('takes a mapping in the file as JSON where that makes sense', () => {
    expect(resolve({ file: { template: { inputs: [1] } } }).values.template).toBe('{"inputs":[1]}');
  });

  it.each<[name: string, sources: OptionSources, message: string, fix: string]>([
    ['below', { flags: { 'max-batch-size': '0' } }, '--max-batch-size is "0"', 'from 1 to 64'],
    [
      'no number',
      { environment: { SERVELAB_MAX_BATCH_SIZE: 'many' } },
      'SERVELAB_MAX_BATCH_SIZE is "many"',
      'whole',
    ],
    ['empty', { flags: { 'max-batch-size': '' } }, '--max-batch-size is ""', 'whole number'],
    [
      'a fraction',
      { file: { 'max-batch-size': 1.5 } },
      'max-batch-size in the configuration file is 1.5',
      'whole',
    ],
    ['below, from a program', { properties: { maxBatchSize: 0 } }, 'maxBatchSize is 0', 'from 1 to 64'],
    ['a mapping', { file: { out: { a: 1 } } }, 'out in the configuration file is {"a":1}', 'text'],
    ['no such choice', { flags: { policy: 'magic' } }, '--policy is "magic"', 'none, greedy'],
    ['an item of no such choice', { flags: { kinds: 'b,c' } }, '--kinds has "c"', 'a, b'],
    ['unknown key in the file', { file: { colour: 1 } }, 'unknown option "colour"', 'max-batch-size'],
  ])('refuses a value that is %s, naming it and the fix', (_name, sources, message, fix) => {
    let thrown: unknown;
    try {
      resolve(sources);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
    expect((thrown as UserError).fix).toContain(fix);
  });
});
