import { visibleLine, visibleText } from '@servelab/core';

/**
 * Text from outside (a name, a path, an error of a server) as Markdown that shows it: one line that begins nothing, ends
 * no cell of a table, and is neither a link nor HTML. What cannot mean anything stays as it is, so that the source can
 * be read too: brackets of an interval, an underscore in a name.
 */
export function markdownText(text: string): string {
  return visibleLine(onOneLine(text))
    .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, '\\\\') // shown as "\" anyhow where no punctuation follows
    .replace(/[`*|~$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/\](?=[([:])/g, '\\]')
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(\s*)(#{1,6}|[-+](?=\s|$)|>|=+\s*$|-+\s*$)/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

const onOneLine = (text: string): string =>
  /[\r\n]/.test(text)
    ? text
        .split(/[\r\n]/)
        .map((line) => line.trim())
        .filter(Boolean)
        .join(' ')
    : text;

/** The same within the brackets of a link or a picture. */
export const markdownLabel = (text: string): string => markdownText(text).replace(/(?<!\\)[[\]]/g, '\\$&');

/** As code within a line; more backticks around it than it has itself. */
export function markdownCode(text: string): string {
  const line = visibleLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const gap = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}

export function markdownCodeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}\n${visibleText(text)}\n${fence}`;
}

const longestRun = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);

/** A table; its cells are text, not Markdown. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(header), `| ${header.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}
