import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveOptions, UserError } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { TEXT_ENCODINGS } from '../../../../test/fixtures/text-encodings.js';
import { loadTarget } from './load-target.js';
import { TARGET_OPTIONS } from './target-options.js';

const URL = 'http://127.0.0.1:1/predict';
const TEMPLATE = '{"instances": [{"b64": "{{image_base64}}"}]}';

function target(
  flags: Record<string, unknown>,
  file: Record<string, unknown> = {},
  url: string | undefined = URL,
) {
  const { values } = resolveOptions(TARGET_OPTIONS, { flags, environment: {}, file });
  return loadTarget(url, values);
}

describe('loadTarget', () => {
  it.each(TEXT_ENCODINGS)('reads a template in %s', async (_name, encode) => {
    const folder = await mkdtemp(join(tmpdir(), 'servelab-template-'));
    try {
      await writeFile(join(folder, 'body.json'), encode(TEMPLATE));
      const { adapter } = await target({ 'body-template': join(folder, 'body.json') });
      expect(adapter).toMatchObject({ body: 'template', template: TEMPLATE });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('posts a multipart part and checks nothing unless told otherwise', async () => {
    expect(await target({})).toEqual({
      url: URL,
      method: 'POST',
      headers: {},
      adapter: { body: 'multipart' },
      expectedClass: null,
      checkShare: 0,
    });
  });

  it('takes everything from the configuration file, the template as YAML too', async () => {
    const file = {
      url: 'http://127.0.0.1:2/v1',
      method: 'PUT',
      header: { 'X-Api-Key': 'a, b' },
      'body-template': { instances: [{ b64: '{{image_base64}}' }] },
      'expect-path': '$.predictions[0].class',
      expect: 7,
    };
    const { values } = resolveOptions(TARGET_OPTIONS, { flags: {}, environment: {}, file });
    expect(await loadTarget(undefined, values)).toEqual({
      url: 'http://127.0.0.1:2/v1',
      method: 'PUT',
      headers: { 'x-api-key': 'a, b' },
      adapter: { body: 'template', template: '{"instances":[{"b64":"{{image_base64}}"}]}' },
      expectedClass: null,
      answerCheck: { path: '$.predictions[0].class', value: '7' },
      checkShare: 1,
    });
  });

  it.each([
    ['https://127.0.0.1:1/', { insecure: true }, true],
    ['https://127.0.0.1:1/', {}, undefined],
    ['http://127.0.0.1:1/', { insecure: true }, undefined],
  ])('knows whether a certificate of %s is left unchecked with %j', async (url, flags, insecure) => {
    expect((await target(flags, {}, url)).insecure).toBe(insecure);
  });

  it('makes a header of the credentials in the URL', async () => {
    const { url, headers } = await target({}, {}, 'http://me:secret@127.0.0.1:1/predict');
    expect(url).toBe(URL);
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` });
  });

  it('prefers the URL of the command line', async () => {
    expect((await target({}, { url: 'http://127.0.0.1:2/' })).url).toBe(URL);
  });

  it('gives a body the Content-Type of the headers', async () => {
    const header = ['Content-Type: application/octet-stream'];
    expect((await target({ header, body: 'raw' })).adapter).toEqual({
      body: 'raw',
      contentType: 'application/octet-stream',
    });
  });

  it('expects a class, checked in every answer', async () => {
    expect(await target({ expect: '88' })).toMatchObject({ expectedClass: 88, checkShare: 1 });
  });

  it.each<[what: string, flags: Record<string, unknown>, words: string]>([
    ['a class that is none', { expect: 'cat' }, '--expect is "cat"'],
    ['a path that is none', { 'expect-path': 'predictions[0]' }, '"predictions[0]" is not a valid JSONPath'],
    ['a template without a placeholder', { 'body-template': '{}' }, 'has no placeholder'],
    [
      'an unknown placeholder',
      { 'body-template': '{"a": "{{image-base64}}"}' },
      '{{image-base64}} stands for',
    ],
    [
      'a template that gives no JSON',
      { 'body-template': '{"a": {{image_base64}}}' },
      'is not valid JSON once',
    ],
    ['a template for a GET', { 'body-template': TEMPLATE, method: 'GET' }, 'a GET has no body'],
    ['an image in the URL', { url: 'http://h/{{image_base64}}' }, '{{image_base64}} stands for nothing'],
    ['a type for a multipart body', { header: ['content-type: a/b'] }, 'names its boundary'],
    ['a header without a colon', { header: ['X-Api-Key'] }, 'the header "X-Api-Key" cannot be sent'],
    [
      'a header that the body decides',
      { header: ['Content-Length: 5'] },
      'content-length is set by the driver',
    ],
    ['a header twice', { header: ['A: 1', 'a: 2'] }, 'the header a is given twice'],
    ['a URL that is none', { url: 'localhost:5000' }, '"localhost:5000" is not an http or https URL'],
    ['no URL', {}, 'load takes one URL'],
  ])('refuses %s', async (_what, flags, words) => {
    const needsUrl = words.includes('URL') || flags.url !== undefined;
    const { values } = resolveOptions(TARGET_OPTIONS, { flags, environment: {}, file: {} });
    const failure = await loadTarget(needsUrl ? undefined : URL, values).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining(words) });
  });

  it('says that a template cannot be read, with exit code 3', async () => {
    await expect(target({ 'body-template': 'none.json' })).rejects.toMatchObject({
      exitCode: 3,
      message: 'the body template none.json cannot be read (ENOENT)',
    });
  });
});
