import { CHART_CSS, PALETTE_CSS } from './chart-style.js';
import { escapeText, node } from './svg.js';

/** A finished chart: the same drawing goes into the page and into a file of its own. */
export interface Picture {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  /** What a reader who does not see it should know. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** SVG markup. */
  readonly body: string;
}

/** For the page: colours and type come from its style sheet. */
export function inlineSvg({ title, description, width, height, body }: Picture): string {
  return node(
    'svg',
    { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img' },
    node('title', {}, escapeText(title)),
    node('desc', {}, escapeText(description)),
    body,
  );
}

/** A file of its own: carries its style, its background and its title. */
export function standaloneSvg({ title, description, width, height, body }: Picture): string {
  const head = 34;
  return `${node(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'chart',
      width,
      height: height + head,
      viewBox: `0 ${-head} ${width} ${height + head}`,
      role: 'img',
    },
    node('title', {}, escapeText(title)),
    node('desc', {}, escapeText(description)),
    node('style', {}, PALETTE_CSS.replaceAll(':root', 'svg'), CHART_CSS),
    node('rect', { x: 0, y: -head, width, height: height + head, fill: 'var(--paper)' }),
    node('text', { x: 12, y: -12, class: 'heading' }, escapeText(title)),
    body,
  )}\n`;
}
