import { readFileSync } from 'node:fs';
import { EXIT } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { cropRatioOf, portsOf } from './own-handling.js';
import { parseOwnManifest } from './own-manifest.js';
import { OWN_MANIFEST_KEYS } from './own-manifest-keys.js';

const HASH = 'ab'.repeat(32);
const INPUT = { size: 224, layout: 'nchw', dtype: 'float32' };
const MINIMAL = { name: 'mine', source: 'mine.onnx', sha256: HASH, input: INPUT, labels: ['cat', 'dog'] };

const parse = (document: object, name?: string) =>
  parseOwnManifest(JSON.stringify(document), 'mine.json', name);

describe('a manifest', () => {
  it('may be YAML, with comments', () => {
    const text = `
      name: mine # as servelab calls it
      source: mine.onnx
      sha256: ${HASH}
      input: { size: 224, layout: nchw, dtype: float32, mean: [0.485, 0.456, 0.406] }
      labels: labels.txt
    `;
    expect(parseOwnManifest(text, 'mine.yaml')).toMatchObject({
      input: { mean: [0.485, 0.456, 0.406] },
      labels: { file: 'labels.txt' },
    });
  });

  it('stretches, answers five classes and applies no softmax, unless it says so', () => {
    const manifest = parse(MINIMAL);
    expect(manifest).toMatchObject({ resize: 'stretch', top_k: 5, softmax: false, precision: 'f32' });
    expect(cropRatioOf(manifest)).toBeUndefined();
    expect(portsOf(manifest)).toEqual({
      inputName: null,
      outputName: null,
      layout: 'nchw',
      dtype: 'float32',
      scale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      softmax: false,
    });
  });

  it('cuts out 224 of 256, unless it says how much', () => {
    expect(cropRatioOf(parse({ ...MINIMAL, resize: 'center-crop' }))).toBe(0.875);
    expect(cropRatioOf(parse({ ...MINIMAL, resize: 'center-crop', crop_ratio: 0.95 }))).toBe(0.95);
  });

  it('may have numbers for labels, and hashes in capitals', () => {
    const manifest = parse({ ...MINIMAL, labels: [0, 1], sha256: HASH.toUpperCase() });
    expect(manifest).toMatchObject({ labels: ['0', '1'], sha256: HASH });
  });

  it('takes another name from the command line', () => {
    expect(parse({ ...MINIMAL, name: 'mobilenet-v2' }, 'mine-2').name).toBe('mine-2');
  });

  it('understands what it has made of itself', () => {
    const manifest = parse({ ...MINIMAL, labels: 'labels.txt', resize: 'center-crop', softmax: true });
    expect(parse(manifest)).toEqual(manifest);
  });
});

describe('a manifest that is refused names the key and what it may be', () => {
  const input = (change: object) => ({ input: { ...INPUT, ...change } });
  it.each<[name: string, change: object, message: string, fix: string]>([
    ['no name', { name: undefined }, 'mine.json has no name', 'Add "name": lower-case letters'],
    ['a name like a path', { name: '../mine' }, 'has name "../mine"', 'lower-case letters'],
    ['a name like a file', { name: 'mine.yaml' }, 'has name "mine.yaml"', 'not ending like a file'],
    ['the name of ours', { name: 'mobilenet-v2' }, 'a model that servelab has itself', '--name'],
    ['a hash that is none', { sha256: 'abc' }, 'has sha256 "abc"', '64 hexadecimal digits'],
    ['no input', { input: undefined }, 'has no input', 'size, layout and dtype'],
    ['no size', input({ size: undefined }), 'has no input.size', 'from 1 to 2048'],
    ['a size too large', input({ size: 5000 }), 'has input.size 5000', 'from 1 to 2048'],
    ['a layout that is none', input({ layout: 'nhcw' }), 'has input.layout "nhcw"', 'Write nhwc or nchw.'],
    ['two means', input({ mean: [0.5, 0.5] }), 'has input.mean [0.5,0.5]', 'three numbers'],
    ['a mean that is text', input({ mean: [0, 'a', 0] }), 'has input.mean [0,"a",0]', 'three numbers'],
    ['a deviation of 0', input({ std: [1, 0, 1] }), 'has input.std [1,0,1]', 'three numbers above 0'],
    ['a mean of bytes', input({ dtype: 'uint8', mean: [1, 1, 1] }), 'with dtype uint8', 'dtype: float32'],
    ['an unknown key', { colour: 'rgb' }, 'an unknown key "colour"', 'name, description'],
    ['an unknown key of the input', input({ width: 9 }), 'unknown key "input.width"', 'input.size'],
    ['a crop without cropping', { crop_ratio: 0.9 }, 'has a crop_ratio', 'resize: center-crop'],
    ['a crop ratio above 1', { resize: 'center-crop', crop_ratio: 1.1 }, 'crop_ratio 1.1', 'from 0.1 to 1'],
    ['one label', { labels: ['cat'] }, 'has labels ["cat"]', 'at least two names'],
    ['a label of two lines', { labels: ['cat\ndog', 'cow'] }, 'has labels', 'at least two names'],
    ['no class answered', { top_k: 0 }, 'has top_k 0', 'from 1 to 1000'],
    ['a softmax that is text', { softmax: 'yes' }, 'has softmax "yes"', 'true where the graph gives logits'],
  ])('%s', (_name, change, message, fix) => {
    expect(() => parse({ ...MINIMAL, ...change })).toThrow(
      expect.objectContaining({
        exitCode: EXIT.usage,
        message: expect.stringContaining(message),
        fix: expect.stringContaining(fix),
      }),
    );
  });

  it.each([
    ['a list', '- mine', 'is not a manifest'],
    ['nothing', '', 'is not a manifest'],
    ['broken', '{"name": ', 'neither YAML nor JSON'],
  ])('%s', (_name, text, message) => {
    expect(() => parseOwnManifest(text, 'mine.yaml')).toThrow(message);
  });
});

it('docs/your-model.md has every key', () => {
  const page = readFileSync(new URL('../../../../docs/your-model.md', import.meta.url), 'utf8');
  for (const key of Object.keys(OWN_MANIFEST_KEYS)) expect(page).toContain(`| \`${key}\``);
});
