import { LineCounter, parseDocument } from 'yaml';

/** Configuration that people write is far shorter; of much longer ones, full of aliases, the parser takes minutes. */
const MOST_CHARACTERS = 200_000;

/** A text that is not YAML; the message is one line that says what is wrong and where. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/**
 * The value of a YAML 1.2 document, which JSON is as well; null for an empty one.
 *
 * The parser's own errors are not asked to show their lines: for thousands of them, which a damaged file can hold, that
 * takes minutes, and of some it ends the process.
 *
 * @throws YamlError naming the first fault
 */
export function parseYaml(text: string): unknown {
  if (text.length > MOST_CHARACTERS) {
    throw new YamlError(`${text.length} characters are more than the ${MOST_CHARACTERS} that are read`);
  }
  const lineCounter = new LineCounter();
  try {
    // What is merely odd is for whoever reads the value, not for a warning of Node's on the terminal.
    const document = parseDocument(text, { logLevel: 'error', prettyErrors: false, lineCounter });
    const [error] = document.errors;
    if (error === undefined) return document.toJS() as unknown;
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new YamlError(`${firstLine(error.message)} at line ${line}, column ${col}`);
  } catch (error) {
    if (error instanceof YamlError) throw error;
    // Not every fault is among the document's errors: of an alias without its anchor it is a ReferenceError.
    throw new YamlError(firstLine(error instanceof Error ? error.message : String(error)));
  }
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? '';
