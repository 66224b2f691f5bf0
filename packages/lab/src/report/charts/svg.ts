import { visibleText } from '@servelab/core';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One SVG or HTML element as text. Attributes are escaped; children are markup already. */
export function node(tag: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [` ${name}="${escapeText(typeof value === 'number' ? pixels(value) : value)}"`],
  );
  return children.length === 0 && SELF_CLOSING.has(tag)
    ? `<${tag}${written.join('')}/>`
    : `<${tag}${written.join('')}>${children.join('')}</${tag}>`;
}

export function escapeText(text: string): string {
  // A control character would make an SVG file no XML.
  return visibleText(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A tenth of a pixel is finer than the eye, and keeps files small and equal. */
export const pixels = (value: number): string => String(Math.round(value * 10) / 10);

const SELF_CLOSING = new Set(['path', 'line', 'rect', 'circle', 'br', 'img']);
