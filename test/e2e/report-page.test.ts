import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeReports } from '@servelab/lab';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../fixtures/chromium.js';
import { syntheticRun, writeSyntheticRun } from '../fixtures/synthetic-run.js';

const PANELS = [
  'verdict',
  'figures',
  'differences',
  'load',
  'percentiles',
  'timeline',
  'why',
  'time',
  'errors',
  'trust',
  'glossary',
];

describe.skipIf(!hasChromium)('report.html in Chromium (named by CHROMIUM_PATH)', () => {
  let folder: string;
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'servelab-page-'));
    const keras = (size: number) => 90 + 6 * size;
    const run = syntheticRun({
      stacks: [
        { name: 'servelab:none@f32', costMs: (size) => 7.2 * size },
        {
          name: 'servelab:fixed-window@f32',
          costMs: (size) => 7.2 * size,
          maxBatchSize: 8,
          windowMs: 10,
          failEvery: 50,
        },
        { name: 'servelab:greedy@f32', workload: 'simulated-keras', costMs: keras, maxBatchSize: 8 },
      ],
      loads: [
        { mode: 'closed', concurrency: 8 },
        { mode: 'open', rate_rps: 40, arrivals: 'poisson' },
        { mode: 'open', rate_rps: 90, arrivals: 'poisson' },
      ],
      repeats: 3,
    });
    await writeSyntheticRun(folder, run);
    await writeReports(folder);
    url = pathToFileURL(join(folder, 'report.html')).href;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page and gives what it asked the network for and what it complained of beside it. */
  async function opened(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options);
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    return { page, requests, complaints };
  }

  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

  it('asks the network for nothing, complains of nothing, and has every panel', async () => {
    const { page, requests, complaints } = await opened();
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
    expect(await page.locator('section').evaluateAll((all) => all.map((one) => one.id))).toEqual(PANELS);
    expect(await page.locator('h1').innerText()).toMatch(/wins\.|tie|No single winner\./);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('does not overflow a telephone in %s', async (colorScheme) => {
    const { page } = await opened({ viewport: { width: 390, height: 800 }, colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.close();
  });

  it('follows the system’s colours until the switch overrides them', async () => {
    const light = await opened({ colorScheme: 'light' });
    const dark = await opened({ colorScheme: 'dark' });
    const [onLight, onDark] = [await background(light.page), await background(dark.page)];
    expect(onLight).not.toBe(onDark);
    await light.page.getByRole('button', { name: /light and dark/ }).click();
    expect(await background(light.page)).toBe(onDark);
    await light.page.close();
    await dark.page.close();
  });

  it('keeps text readable: a contrast of 4.5 in both colours', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await opened({ colorScheme });
      for (const selector of [
        '#figures .note',
        '#figures td small',
        '#trust tbody th',
        'nav.toc a',
        '.pill',
      ]) {
        expect(await contrast(page, selector), `${selector} in ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
      }
      await page.close();
    }
  });

  it('leads from a figure to its definition, by keyboard too', async () => {
    const { page } = await opened();
    const figure = page.locator('#figures td a').first();
    await figure.focus();
    expect(await page.getByRole('tooltip').innerText()).toMatch(/^Mean of 3 repeats, \d+ requests/);
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#def-goodput$/);
    expect(await page.locator('#def-goodput').isVisible()).toBe(true);
    await page.close();
  });

  it('gives every bar and mark a colour, from its class or its group', async () => {
    const { page } = await opened();
    const fills = await page
      .locator('svg.chart rect, svg.chart .mark, svg.chart path[data-more]')
      .evaluateAll((all) => all.map((one) => one.ownerDocument.defaultView?.getComputedStyle(one).fill));
    expect(fills.length).toBeGreaterThan(50);
    // Black is what a shape is without a style.
    expect(fills).not.toContain('rgb(0, 0, 0)');
    await page.close();
  });

  it('says beside the pointer what a mark stands for', async () => {
    const { page } = await opened();
    await page.locator('#percentiles .mark[data-more]').first().hover();
    expect(await page.getByRole('tooltip').innerText()).toMatch(/^servelab:none@f32, p[\d.]+: [\d.]+ ms$/);
    await page.locator('#timeline .bar [data-more]').first().hover();
    expect(await page.getByRole('tooltip').innerText()).toMatch(/^Images a batch: [\d.]+ at [\d.]+ s$/);
    await page.close();
  });

  it('gives every picture a name, and a table of figures to whoever does not see it', async () => {
    const { page } = await opened();
    const pictures = page.getByRole('img');
    expect(await pictures.count()).toBeGreaterThan(8);
    for (const picture of await pictures.all()) {
      expect(await picture.locator('title').textContent()).not.toBe('');
    }
    expect(await page.locator('#percentiles figure details table').count()).toBeGreaterThan(0);
    const broken = 'a[href^="#"]';
    const targets = await page
      .locator(broken)
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    for (const target of new Set(targets)) expect(await page.locator(target).count(), target).toBe(1);
    await page.close();
  });

  it('prints on light paper with its tables open', async () => {
    const { page } = await opened({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    expect((await page.pdf()).byteLength).toBeGreaterThan(20_000);
    await page.close();
  });
});

/** WCAG 2 contrast of an element's text with the nearest background behind it. */
function contrast(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (colour: string) => {
        const [r = 0, g = 0, b = 0] = channels(colour)
          .slice(0, 3)
          .map((value) =>
            value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
          );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const view = element.ownerDocument.defaultView;
      if (view === null) return 0;
      let behind = element;
      while (behind !== null && channels(view.getComputedStyle(behind).backgroundColor)[3] === 0)
        behind = behind.parentElement;
      const [a, b] = [
        luminance(view.getComputedStyle(element).color),
        luminance(view.getComputedStyle(behind ?? element).backgroundColor),
      ];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
}
