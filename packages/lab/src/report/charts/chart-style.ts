/** Colours of series that there are: `--s0` to `--s11`. */
export const SERIES_COLOURS = 12;

/**
 * Colours of paper, ink and series, light and dark. The first series colours are Okabe and Ito's, which stay apart
 * for every common kind of colour blindness, darkened on white and lightened on black to keep a contrast of 3:1;
 * dashes and markers tell them apart without any colour.
 */
const LIGHT =
  '--paper:#ffffff;--card:#ffffff;--wash:#f5f6f8;--ink:#1b1f24;--muted:#59636e;--line:#dfe3e8;--link:#0b5cad;--good:#1a7f37;--bad:#c62828;--warn:#9a6700;--band:#e9edf2;' +
  '--s0:#0072b2;--s1:#d55e00;--s2:#00855f;--s3:#b0568a;--s4:#8a6a00;--s5:#2b8fc7;--s6:#5b5fc7;--s7:#5a6472;--s8:#a3195b;--s9:#4d7c0f;--s10:#7c4a2d;--s11:#0e7490;color-scheme:light';
const DARK =
  '--paper:#0f1318;--card:#161b22;--wash:#1c232c;--ink:#e8ebef;--muted:#9aa5b1;--line:#2d3640;--link:#79b8ff;--good:#57c777;--bad:#ff7b72;--warn:#e3b341;--band:#242d38;' +
  '--s0:#4fb3e8;--s1:#ff9150;--s2:#35c79b;--s3:#e59cc5;--s4:#e0c04a;--s5:#9ad4f5;--s6:#a5a8ff;--s7:#b4bcc6;--s8:#ff8fb8;--s9:#a8d672;--s10:#d7a98c;--s11:#67d6ea;color-scheme:dark';

/** `:root` variables; `data-theme` on it overrides what the system asks for; paper is always light. */
export const PALETTE_CSS = `:root{${LIGHT}}@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK}}}:root[data-theme=dark]{${DARK}}@media print{:root,:root[data-theme=dark]{${LIGHT}}}`;

/** A drawing takes its colour from its class, or from that of its group: `--c` is one of these. */
const COLOUR_CSS = [
  ...Array.from({ length: SERIES_COLOURS }, (_, n) => `s${n}`),
  ...['ink', 'muted', 'good', 'bad'],
].map((name) => `.c-${name}{--c:var(--${name})}`);

export const CHART_CSS = [
  ...COLOUR_CSS,
  '.chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}',
  '.chart .tick,.chart .tick text{fill:var(--muted);font-size:11px;font-variant-numeric:tabular-nums}',
  '.chart .label{fill:var(--muted)}',
  '.chart .heading{font-weight:600;font-size:14px}',
  '.chart .strong{font-weight:600}',
  '.chart .middle{text-anchor:middle}',
  '.chart .end{text-anchor:end}',
  '.chart .grid{fill:none;stroke:var(--line);stroke-width:1}',
  '.chart .axis{stroke:var(--muted);stroke-width:1}',
  '.chart .guide{stroke:var(--muted);stroke-width:1;stroke-dasharray:4 3}',
  '.chart .band{fill:var(--band)}',
  '.chart .series{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}',
  '.chart .ribbon{fill:var(--c);opacity:.16}',
  '.chart .mark{fill:var(--c);stroke:var(--c);stroke-width:1.5}',
  '.chart .hollow{fill:var(--card,var(--paper))}',
  '.chart .whisker{stroke:var(--c);stroke-width:2}',
  '.chart .bar{fill:var(--c)}',
  '.chart .onbar{fill:var(--paper);stroke:none}',
  '.chart .soft{fill:var(--c);opacity:.35}',
].join('');
