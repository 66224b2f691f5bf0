import type { ErrorCode } from '@servelab/core';
import { HOSTILE, IMAGES } from '../fixtures/images.js';
import {
  formRequest,
  jsonRequest,
  type PredictRequest,
  rawRequest,
  toBase64,
} from '../fixtures/request-body.js';

/** An input form of `/predict`. A stack declares those it has; cases that need another are skipped. */
export type InputForm = 'json' | 'json-list' | 'form-file' | 'form-files' | 'form-list' | 'raw';

/** What an element of an answer must be. */
export type Expected = 'prediction' | ErrorCode;

export interface ContractCase {
  readonly name: string;
  readonly form: InputForm;
  readonly request: () => PredictRequest;
  /** One image answers an object or a problem; several answer a list. */
  readonly expected: Expected | readonly Expected[];
}

const { jpeg, png } = IMAGES;
const file = (bytes: Uint8Array) => ({ field: 'file', bytes });
const files = (bytes: Uint8Array) => ({ field: 'files', bytes });

function accepted(): ContractCase[] {
  const text = toBase64(jpeg);
  return [
    ...Object.entries(IMAGES).map(
      ([format, bytes]): ContractCase => ({
        name: `a ${format} file`,
        form: 'form-file',
        request: () => formRequest(file(bytes)),
        expected: 'prediction',
      }),
    ),
    {
      name: 'a part named files',
      form: 'form-files',
      request: () => formRequest(files(png)),
      expected: 'prediction',
    },
    {
      name: 'two parts',
      form: 'form-list',
      request: () => formRequest(files(jpeg), files(png)),
      expected: ['prediction', 'prediction'],
    },
    {
      name: 'JSON base64',
      form: 'json',
      request: () => jsonRequest({ image_base64: text }),
      expected: 'prediction',
    },
    {
      name: 'base64 with white space',
      form: 'json',
      request: () => jsonRequest({ image_base64: text.replace(/(.{60})/g, '$1\n ') }),
      expected: 'prediction',
    },
    {
      name: 'base64 with a data: prefix',
      form: 'json',
      request: () => jsonRequest({ image_base64: `data:image/jpeg;base64,${text}` }),
      expected: 'prediction',
    },
    {
      name: 'a JSON list of one',
      form: 'json-list',
      request: () => jsonRequest({ images_base64: [text] }),
      expected: ['prediction'],
    },
    {
      name: 'a JSON list of three',
      form: 'json-list',
      request: () => jsonRequest({ images_base64: [text, toBase64(png), text] }),
      expected: ['prediction', 'prediction', 'prediction'],
    },
    { name: 'a raw body', form: 'raw', request: () => rawRequest(png, 'image/png'), expected: 'prediction' },
  ];
}

/** One image that is refused: the same code whichever way it comes. */
const BAD_IMAGES: readonly (readonly [name: string, bytes: Buffer, code: ErrorCode])[] = [
  ['not an image', HOSTILE.text, 'invalid_image'],
  ['an empty file', HOSTILE.empty, 'invalid_image'],
  ['a truncated PNG', HOSTILE.truncatedPng, 'invalid_image'],
  ['a truncated JPEG', HOSTILE.truncatedJpeg, 'invalid_image'],
  ['a 30,000 x 30,000 PNG bomb', HOSTILE.bomb, 'image_too_large'],
  ['an SVG', HOSTILE.svg, 'unsupported_image_format'],
];

function refused(): ContractCase[] {
  return [
    ...BAD_IMAGES.flatMap(([name, bytes, code]): ContractCase[] => [
      {
        name: `${name} as a file`,
        form: 'form-file',
        request: () => formRequest(file(bytes)),
        expected: code,
      },
      {
        name: `${name} as JSON`,
        form: 'json',
        request: () => jsonRequest({ image_base64: toBase64(bytes) }),
        expected: code,
      },
      {
        name: `${name} between good parts`,
        form: 'form-list',
        request: () => formRequest(files(jpeg), files(bytes), files(png)),
        expected: ['prediction', code, 'prediction'],
      },
    ]),
    {
      name: 'invalid base64 in a list',
      form: 'json-list',
      request: () => jsonRequest({ images_base64: [toBase64(jpeg), '***', toBase64(png)] }),
      expected: ['prediction', 'invalid_base64', 'prediction'],
    },
    {
      name: 'invalid base64',
      form: 'json',
      request: () => jsonRequest({ image_base64: 'not base64!' }),
      expected: 'invalid_base64',
    },
    {
      name: 'invalid JSON',
      form: 'json',
      request: () => jsonRequest('{"image_base64'),
      expected: 'invalid_json',
    },
    { name: 'a JSON array', form: 'json', request: () => jsonRequest([1]), expected: 'invalid_json' },
    {
      name: 'JSON without an image',
      form: 'json',
      request: () => jsonRequest({}),
      expected: 'missing_image',
    },
    {
      name: 'an empty list',
      form: 'json-list',
      request: () => jsonRequest({ images_base64: [] }),
      expected: 'missing_image',
    },
    { name: 'no file', form: 'form-file', request: () => formRequest(), expected: 'missing_image' },
    {
      name: 'a text field in place of a file',
      form: 'form-file',
      request: () => {
        const body = new FormData();
        body.append('file', 'just text');
        return { headers: {}, body };
      },
      expected: 'missing_image',
    },
    {
      name: '100 files',
      form: 'form-list',
      request: () => formRequest(...Array.from({ length: 100 }, () => files(jpeg))),
      expected: 'too_many_images',
    },
    {
      name: 'a wrong content type',
      form: 'form-file',
      request: () => ({ headers: { 'content-type': 'text/plain' }, body: 'hello' }),
      expected: 'unsupported_media_type',
    },
    {
      name: 'a time-out that is not a number',
      form: 'json',
      request: () => {
        const { headers, body } = jsonRequest({ image_base64: toBase64(jpeg) });
        return { headers: { ...headers, 'x-request-timeout-ms': 'soon' }, body };
      },
      expected: 'bad_request',
    },
    {
      name: 'a body over the limit',
      form: 'form-file',
      request: () => formRequest(file(Buffer.alloc(17 * 1024 * 1024))),
      expected: 'body_too_large',
    },
  ];
}

export const CONTRACT_CASES: readonly ContractCase[] = [...accepted(), ...refused()];
