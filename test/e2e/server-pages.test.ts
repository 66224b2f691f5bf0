import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../fixtures/chromium.js';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

interface PageRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly number[];
}

const GIF = [...onePixelGif(1)];

describe.skipIf(!hasChromium)('what Chromium (named by CHROMIUM_PATH) makes of a running server', () => {
  let browser: Browser;
  let site: Server;
  let origin: string;
  let server: SimulatedServer;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    site = createServer((_request, response) => response.end('<title>elsewhere</title>')).listen(
      0,
      '127.0.0.1',
    );
    await once(site, 'listening');
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await page.close();
    await server.stop();
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  const start = async (...args: string[]) => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1', ...args);
    page = await browser.newPage();
  };

  /** What a script of the page that is open gets to see. */
  const ask = (path: string, init: PageRequest) =>
    page.evaluate(
      async ({ url, init }) => {
        const body = init.body === undefined ? {} : { body: new Uint8Array(init.body) };
        try {
          const response = await fetch(url, { ...init, ...body } as RequestInit);
          const headers = Object.fromEntries(response.headers);
          return { status: response.status, headers, text: await response.text() };
        } catch (error) {
          return { failed: String(error) };
        }
      },
      { url: server.url + path, init },
    );

  // BentoML#1439, triton#5971: no way to let a page of one's own read the answers.
  describe('a page of another origin', () => {
    const predict = {
      method: 'POST',
      headers: { 'content-type': 'image/gif', 'x-request-id': 'page-1', 'x-request-timeout-ms': '50000' },
      body: GIF,
    };

    it.each<[name: string, value: () => string]>([
      ['its origin among others', () => `https://app.example,${origin}`],
      ['*', () => '*'],
    ])('--cors-origin %s: reads answers, errors, and the headers that tell of them', async (_name, value) => {
      await start('--cors-origin', value(), '--max-body-bytes', '2000');
      await page.goto(origin);
      expect(await ask('/predict', predict)).toMatchObject({
        status: 200,
        headers: { 'x-request-id': 'page-1', 'server-timing': expect.stringContaining('infer;dur=') },
        text: expect.stringContaining('"predictions"'),
      });
      expect(await ask('/health', { method: 'GET' })).toMatchObject({ status: 200 });
      const errors: [path: string, request: PageRequest, status: number][] = [
        ['/predict', { ...predict, body: Array(3000).fill(0) }, 413],
        ['/predict', { ...predict, headers: { 'content-type': 'text/plain' } }, 415],
        ['/predict', { method: 'GET' }, 405],
        ['/nowhere', { method: 'GET', headers: { 'x-request-id': 'page-2' } }, 404],
        ['/%zz', { method: 'GET' }, 400],
      ];
      for (const [path, request, status] of errors) {
        expect(await ask(path, request)).toMatchObject({
          status,
          headers: { 'x-request-id': expect.any(String), 'content-type': 'application/problem+json' },
        });
      }
    });

    it('of an origin that is not listed, or without the option: reads nothing', async () => {
      await start('--cors-origin', 'https://app.example');
      await page.goto(origin);
      expect(await ask('/health', { method: 'GET' })).toEqual({ failed: expect.stringContaining('fetch') });
      expect(await ask('/predict', predict)).toEqual({ failed: expect.stringContaining('fetch') });
      await server.stop();
      await page.close();
      await start();
      await page.goto(origin);
      expect(await ask('/health', { method: 'GET' })).toEqual({ failed: expect.stringContaining('fetch') });
    });
  });

  it('/docs works within its own content security policy, and asks nobody else', async () => {
    await start();
    const complaints: string[] = [];
    const strangers: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !url.startsWith('data:')) strangers.push(url);
    });
    const response = await page.goto(`${server.url}/docs`);
    expect(response?.headers()).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
    });
    await page.locator('#operations-default-get_livez').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
    await page.getByText('Schemas', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });
});
