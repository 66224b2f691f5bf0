import { readFile } from 'node:fs/promises';
import { decodeText, environmentError, type Options, splitCredentials, usageError } from '@servelab/core';
import { type AdapterSpec, answerCheck, buildRequest, createAdapter, type LoadPlan } from '@servelab/lab';
import { errorCode } from '@servelab/node';
import { parseHeaders } from './parse-headers.js';
import type { TARGET_OPTIONS } from './target-options.js';

export type TargetOptions = Options<typeof TARGET_OPTIONS>;

/** The part of a plan that says where images go, how they travel, and which answers are right. */
export interface LoadTarget
  extends Pick<LoadPlan, 'url' | 'adapter' | 'insecure' | 'checkShare' | 'answerCheck'>,
    Required<Pick<LoadPlan, 'method' | 'headers'>> {
  /** Of every image; null where a class is not what is expected. */
  readonly expectedClass: number | null;
}

const LARGEST_CLASS = 1_000_000;
/** Stands for any: what is wrong with the requests is said before images are read. */
const SAMPLE = { name: 'image.jpg', bytes: new Uint8Array([0]), index: 0 };

/**
 * @param url of the command line
 * @throws UserError (exit code 2) for words that make no request or no check, (3) for a template that cannot be read
 */
export async function loadTarget(url: string | undefined, options: TargetOptions): Promise<LoadTarget> {
  const address = splitCredentials(url ?? requireUrl(options.url));
  const given = parseHeaders(options.header ?? []);
  const headers = address.authorization === null ? given : { authorization: address.authorization, ...given };
  const template = options.bodyTemplate === null ? null : await readTemplate(options.bodyTemplate);
  const target = {
    url: address.url,
    method: options.method,
    headers,
    adapter: adapterOf(options, template, given['content-type']),
    ...(unchecked(address.url, options) && { insecure: true as const }),
    ...expectation(options),
  };
  buildRequest(target, SAMPLE, createAdapter(target.adapter).encode(SAMPLE));
  if (target.answerCheck !== undefined) answerCheck(target.answerCheck);
  return target;
}

/** Node's own variable has the same effect, and must not pass unseen. */
const unchecked = (url: string, { insecure }: TargetOptions): boolean =>
  /^https:/i.test(url) && (insecure || process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0');

function requireUrl(url: string | null): string {
  if (url !== null) return url;
  throw usageError(
    'load takes one URL',
    'Write: servelab load http://127.0.0.1:8080/predict --concurrency 8, or "url:" in the configuration file.',
  );
}

/** A text with a brace or more than one line is the template itself; anything else names a file. */
async function readTemplate(text: string): Promise<string> {
  if (/[{\n]/.test(text)) return text;
  try {
    return decodeText(await readFile(text));
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(
      `the body template ${text} cannot be read (${code})`,
      'Name a file, or write the template itself, with {{image_base64}} in it.',
      error,
    );
  }
}

function adapterOf(
  { method, body, field }: TargetOptions,
  template: string | null,
  type: string | undefined,
): AdapterSpec {
  const contentType = type === undefined ? {} : { contentType: type };
  const named = field === null ? {} : { field };
  if (template !== null) {
    if (method !== 'GET') return { body: 'template', template, ...contentType };
    throw usageError('a GET has no body to fill', 'Use --method POST, or leave --body-template out.');
  }
  if (body === 'raw') return { body, ...contentType };
  if (body === 'json') return { body, ...named, ...contentType };
  if (type === undefined) return { body, ...named };
  throw usageError(
    'the Content-Type of a multipart body names its boundary and cannot be given',
    'Leave that header out, or use --body json, --body raw or --body-template.',
  );
}

function expectation({
  expect,
  expectPath,
}: TargetOptions): Pick<LoadTarget, 'expectedClass' | 'answerCheck' | 'checkShare'> {
  if (expectPath !== null) {
    return { expectedClass: null, answerCheck: { path: expectPath, value: expect }, checkShare: 1 };
  }
  return {
    expectedClass: expect === null ? null : requireClass(expect),
    checkShare: expect === null ? 0 : 1,
  };
}

function requireClass(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= LARGEST_CLASS) return value;
  throw usageError(
    `--expect is "${text}", which is not a class`,
    `Give a whole number from 0 to ${LARGEST_CLASS}, or say with --expect-path where the value stands.`,
  );
}
