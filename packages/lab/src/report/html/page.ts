import type { DrawnWorkload } from '../pictures.js';
import { banners, type RunView } from '../run-view.js';
import { attributionPanel } from './attribution-panel.js';
import { errorsPanel } from './errors-panel.js';
import { figuresPanel } from './figures-panel.js';
import { glossaryMarkup } from './glossary.js';
import type { Panel } from './markup.js';
import { pageShell } from './page-shell.js';
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

/** `report.html`: one file that needs nothing else, light and dark, on screen and paper. */
export function reportPage(view: RunView, drawn: readonly DrawnWorkload[]): string {
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
  return pageShell({
    title: `servelab: ${report.verdict.status}, ${report.run_id}`,
    runId: report.run_id,
    banners: banners(view),
    verdict: verdictPanel(view),
    panels,
    footer:
      'Made by servelab from the raw records beside this file; <code>servelab report</code> makes it again.',
  });
}
