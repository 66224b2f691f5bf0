/**
 * What a terminal, a browser or an editor would obey instead of showing: C0 and C1 controls (escape sequences begin with
 * one), marks that change the direction of text, separators of lines, and what is not to be seen at all.
 */
const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LAYOUT = /[\t\n]/g;

/**
 * Text from outside (a server's answer, another program's output, a file) as it may be printed: whatever would be obeyed
 * is written as `\u001b`. Line feeds and tabs stay. The escapes are those of JSON, so that a JSON document means the same
 * after it.
 */
export const visibleText = (text: string): string => text.replace(OBEYED, escaped);

/** The same on one line: line feeds and tabs are escaped too. */
export const visibleLine = (text: string): string => visibleText(text).replace(LAYOUT, escaped);

/** The beginning of a text from outside on one line, `…` for what does not fit. */
export function excerpt(text: string, longest: number): string {
  const shown = visibleLine(text.length > longest ? text.slice(0, longest) : text);
  return text.length > longest || shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}

/** UTF-16 units, as in JSON. */
function escaped(character: string): string {
  let units = '';
  for (let at = 0; at < character.length; at++) {
    units += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return units;
}
