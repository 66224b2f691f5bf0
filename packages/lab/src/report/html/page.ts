import { CHART_CSS, PALETTE_CSS } from '../charts/chart-style.js';
import { escapeText, node } from '../charts/svg.js';
import { workloadPictures } from '../pictures.js';
import { banners, type RunView } from '../run-view.js';
import { attributionPanel } from './attribution-panel.js';
import { errorsPanel } from './errors-panel.js';
import { figuresPanel } from './figures-panel.js';
import { glossaryMarkup } from './glossary.js';
import { type Panel, panelMarkup } from './markup.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_CSS } from './page-style.js';
import {
  differencesPanel,
  loadPanel,
  percentilesPanel,
  timeBudgetPanel,
  timelinePanel,
} from './picture-panels.js';
import { trustPanel } from './trust-panel.js';
import { verdictPanel } from './verdict-panel.js';
import { whyPanel } from './why-panel.js';

/** Whatever finds its way into the page, it can neither load nor send anything. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** `report.html`: one file that needs nothing else, light and dark, on screen and paper. */
export function reportPage(view: RunView): string {
  const drawn = view.workloads.map((workload) => ({ workload, pictures: workloadPictures(view, workload) }));
  const panels: Panel[] = [
    figuresPanel(view),
    differencesPanel(view, drawn),
    loadPanel(view, drawn),
    percentilesPanel(view, drawn),
    timelinePanel(view, drawn),
    whyPanel(view, drawn),
    timeBudgetPanel(view, drawn),
    attributionPanel(view, drawn),
    errorsPanel(view),
    trustPanel(view),
    { id: 'glossary', title: 'What the figures mean', body: glossaryMarkup() },
  ].filter(({ body }) => body !== '');
  const { report } = view;
  const title = `servelab: ${report.verdict.status}, ${report.run_id}`;
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
        node('div', { class: 'brand' }, 'servelab', node('span', {}, escapeText(report.run_id))),
        '<button id="theme" type="button" hidden aria-label="Switch between light and dark"></button>',
      ),
    ),
    node(
      'main',
      { class: 'wrap' },
      node('nav', { class: 'toc', 'aria-label': 'Panels' }, ...contents),
      ...banners(view).map((words) => node('p', { class: 'banner', role: 'note' }, escapeText(words))),
      verdictPanel(view),
      ...panels.map(panelMarkup),
    ),
    '<footer class="wrap">Made by servelab from the raw records beside this file; <code>servelab report</code> makes it again.</footer>',
    `<script>${PAGE_SCRIPT}</script>`,
  ];
  return `<!doctype html>\n<html lang="en"><head>${head.join('')}</head><body>${body.join('\n')}</body></html>\n`;
}
