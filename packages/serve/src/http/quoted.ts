const MAX_CHARACTERS = 60;

/** What a client sent, for a sentence: in quotes, cut, and with control characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}...` : text);
}
