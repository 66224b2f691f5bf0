import { describe, expect, it } from 'vitest';
import { createAdapter } from './adapter.js';

const image = { name: 'a "b".png', bytes: Buffer.from([1, 2, 3, 255]) };
const MACAW = { class_id: 88, class_name: 'macaw', confidence: 0.9 };
const answer = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('encode', () => {
  it('puts the image into a multipart part of the field asked for, with its type', async () => {
    const { contentType, bytes } = createAdapter({ body: 'multipart', field: 'files' }).encode(image);
    const request = new Request('http://x/', {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: new Uint8Array(bytes),
    });
    const part = (await request.formData()).get('files') as File;
    expect(part.type).toBe('image/png');
    expect(Buffer.from(await part.arrayBuffer())).toEqual(image.bytes);
  });

  it('calls the part "file" unless told otherwise, and repeats its bytes', () => {
    const encode = () => createAdapter({ body: 'multipart' }).encode(image);
    expect(encode().bytes.toString('latin1')).toContain('name="file"');
    expect(encode()).toEqual(encode());
  });

  it('writes base64 into JSON', () => {
    const { contentType, bytes } = createAdapter({ body: 'json' }).encode(image);
    expect(contentType).toBe('application/json');
    expect(JSON.parse(bytes.toString())).toEqual({ image_base64: 'AQID/w==' });
  });

  it('calls the JSON field as told', () => {
    const { bytes } = createAdapter({ body: 'json', field: 'img' }).encode(image);
    expect(JSON.parse(bytes.toString())).toEqual({ img: 'AQID/w==' });
  });

  it('fills a template, and escapes the name in JSON', () => {
    const template = '{"i": {{index}}, "name": "{{ image_name }}", "inputs": [{"b64": "{{image_base64}}"}]}';
    const { contentType, bytes } = createAdapter({ body: 'template', template }).encode({
      ...image,
      index: 3,
    });
    expect(contentType).toBe('application/json');
    expect(JSON.parse(bytes.toString())).toEqual({ i: 3, name: 'a "b".png', inputs: [{ b64: 'AQID/w==' }] });
  });

  it('fills a template of another type as it stands', () => {
    const template = "<image name='{{image_name}}'/>";
    const xml = createAdapter({ body: 'template', template, contentType: 'text/xml' }).encode(image);
    expect(xml).toEqual({ contentType: 'text/xml', bytes: Buffer.from('<image name=\'a "b".png\'/>') });
  });

  it('sends the image itself as a raw body', () => {
    expect(createAdapter({ body: 'raw' }).encode(image)).toEqual({
      contentType: 'image/png',
      bytes: image.bytes,
    });
  });
});

describe('read', () => {
  const { read } = createAdapter({ body: 'raw' });

  it.each([
    ["the contract's object", { predictions: [MACAW], top_prediction: 'macaw', confidence: 0.9 }],
    ['a list of one', [{ predictions: [MACAW] }]],
    ['results with one element', { results: [{ predictions: [MACAW] }] }],
  ])('reads %s', (_name, value) => {
    expect(read(answer(value)).predictions).toEqual([MACAW]);
  });

  it.each([
    ['two answers for one image', [{ predictions: [MACAW] }, { predictions: [MACAW] }]],
    ['an error among results', { results: [{ error: { code: 'invalid_image' } }] }],
    ['no predictions', { predictions: [] }],
    ['a prediction without a class', { predictions: [{ confidence: 1 }] }],
    ['null', null],
  ])('refuses %s', (_name, value) => {
    expect(read(answer(value))).toMatchObject({ predictions: null, fault: { reason: 'no predictions' } });
  });

  it('refuses what is not valid JSON', () => {
    expect(read(Buffer.from('<html>')).fault).toEqual({ reason: 'no JSON (HTML)' });
  });
});
