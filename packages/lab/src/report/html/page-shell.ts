import { CHART_CSS, PALETTE_CSS } from '../charts/chart-style.js';
import { escapeText, node } from '../charts/svg.js';
import { type Panel, panelMarkup } from './markup.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_CSS } from './page-style.js';

/** Whatever finds its way into the page, it can neither load nor send anything. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export interface PageParts {
  readonly title: string;
  readonly runId: string;
  readonly banners: readonly string[];
  /** Markup. */
  readonly verdict: string;
  readonly panels: readonly Panel[];
  /** Markup. */
  readonly footer: string;
}

/** What every report has around its panels: one file that needs nothing else, light and dark, on screen and paper. */
export function pageShell({ title, runId, banners, verdict, panels, footer }: PageParts): string {
  const contents = panels.map(({ id, title: words }) => node('a', { href: `#${id}` }, escapeText(words)));
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    node('title', {}, escapeText(title)),
    node('style', {}, PALETTE_CSS, PAGE_CSS, CHART_CSS),
  ];
  const body = [
    '<a class="skip" href="#verdict">Skip to the verdict</a>',
    node(
      'header',
      { class: 'top' },
      node(
        'div',
        { class: 'wrap' },
        node('div', { class: 'brand' }, 'servelab', node('span', {}, escapeText(runId))),
        '<button id="theme" type="button" hidden aria-label="Switch between light and dark"></button>',
      ),
    ),
    node(
      'main',
      { class: 'wrap' },
      node('nav', { class: 'toc', 'aria-label': 'Panels' }, ...contents),
      ...banners.map((words) => node('p', { class: 'banner', role: 'note' }, escapeText(words))),
      verdict,
      ...panels.map(panelMarkup),
    ),
    `<footer class="wrap">${footer}</footer>`,
    `<script>${PAGE_SCRIPT}</script>`,
  ];
  return `<!doctype html>\n<html lang="en"><head>${head.join('')}</head><body>${body.join('\n')}</body></html>\n`;
}
