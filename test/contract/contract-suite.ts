import { ERRORS, type ImagePrediction } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { formRequest, type PredictRequest } from '../fixtures/request-body.js';
import { CONTRACT_CASES, type Expected, type InputForm } from './contract-cases.js';
import { limitedTest } from './limited-test.js';

/** A running stack, ours or a peer, and which parts of the contract it has taken on. */
export interface ContractStack {
  readonly name: string;
  readonly forms: ReadonlySet<InputForm>;
  /** What it cannot offer: names of tests and the reasons. */
  readonly limits?: Readonly<Record<string, string>>;
  /** Known once it has started. */
  readonly url: () => string;
}

export const ALL_FORMS: ReadonlySet<InputForm> = new Set([
  'json',
  'json-list',
  'form-file',
  'form-files',
  'form-list',
  'raw',
]);

/** The HTTP contract, the same for every stack: each input form, each error, and what every answer bears. */
export function describeHttpContract(stack: ContractStack): void {
  const post = ({ headers, body }: PredictRequest) =>
    fetch(`${stack.url()}/predict`, { method: 'POST', headers, body });

  describe(`the HTTP contract, kept by ${stack.name}`, () => {
    const kept = limitedTest(stack.limits ?? {});

    for (const { name, form, request, expected } of CONTRACT_CASES) {
      const outcome = Array.isArray(expected) ? `[${expected.join(', ')}]` : expected;
      if (!stack.forms.has(form)) {
        it(`${name}: ${outcome}`, (context) => context.skip(`${stack.name} does not take the form ${form}`));
        continue;
      }
      kept(`${name}: ${outcome}`, async () => {
        const response = await post(request());
        expectCommonHeaders(response);
        if (isList(expected)) await expectResults(response, expected);
        else if (expected === 'prediction') await expectPrediction(response);
        else await expectProblem(response, expected);
      });
    }

    kept('answers a good image after, and while, bad ones are refused', async () => {
      const bad = CONTRACT_CASES.filter(
        ({ form, expected }) => stack.forms.has(form) && expected === 'invalid_image',
      );
      const answers = await Promise.all([
        ...bad.map(({ request }) => post(request())),
        ...Array.from({ length: 6 }, () => post(formRequest({ field: 'file', bytes: IMAGES.jpeg }))),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses).toEqual([...bad.map(() => 400), 200, 200, 200, 200, 200, 200]);
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    });

    kept('gives an image the same answer alone and among others', async () => {
      const alone = await (await post(formRequest({ field: 'file', bytes: IMAGES.jpeg }))).json();
      const parts = [IMAGES.png, IMAGES.jpeg, IMAGES.png].map((bytes) => ({ field: 'files', bytes }));
      const among = (await (await post(formRequest(...parts))).json()) as { results: ImagePrediction[] };
      expect(among.results[1]?.predictions.map(({ class_id }) => class_id)).toEqual(
        (alone as ImagePrediction).predictions.map(({ class_id }) => class_id),
      );
    });

    kept('answers GET /health once it can answer', async () => {
      const response = await fetch(`${stack.url()}/health`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: 'ok' });
    });
  });
}

const isList = (expected: Expected | readonly Expected[]): expected is readonly Expected[] =>
  Array.isArray(expected);

function expectCommonHeaders(response: Response): void {
  expect(response.headers.get('x-request-id')).toMatch(/^[\w.:-]{1,128}$/);
  expect(response.headers.get('server-timing')).toMatch(/;dur=[\d.]+/);
}

async function expectPrediction(response: Response): Promise<void> {
  expect(response.status).toBe(200);
  expect(response.headers.get('server-timing')).toMatch(
    /decode;dur=[\d.]+, queue;dur=[\d.]+, batch;desc="size \d+, [^"]+", infer;dur=[\d.]+/,
  );
  expectImagePrediction((await response.json()) as ImagePrediction);
}

/** Five classes, most probable first. */
function expectImagePrediction({ predictions, top_prediction, confidence }: ImagePrediction): void {
  expect(predictions).toHaveLength(5);
  for (const { class_id, class_name, confidence } of predictions) {
    expect(class_id).toBeGreaterThanOrEqual(0);
    expect(class_id).toBeLessThan(1000);
    expect(class_name).not.toBe('');
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
  }
  const confidences = predictions.map((prediction) => prediction.confidence);
  expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  expect({ top_prediction, confidence }).toEqual({
    top_prediction: predictions[0]?.class_name,
    confidence: predictions[0]?.confidence,
  });
}

async function expectResults(response: Response, expected: readonly Expected[]): Promise<void> {
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as { results: unknown[] };
  expect(results).toHaveLength(expected.length);
  for (const [index, expectation] of expected.entries()) {
    if (expectation === 'prediction') {
      expectImagePrediction(results[index] as ImagePrediction);
    } else {
      const { status, title } = ERRORS[expectation];
      expect(results[index]).toEqual({ error: { code: expectation, status, title } });
    }
  }
}

async function expectProblem(response: Response, code: Exclude<Expected, 'prediction'>): Promise<void> {
  const { status, title } = ERRORS[code];
  expect(await response.json()).toEqual({
    type: expect.any(String),
    title,
    status,
    code,
    detail: expect.any(String),
    request_id: response.headers.get('x-request-id'),
  });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
}
