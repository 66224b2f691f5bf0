/** A command line as it stands in a page. */
export interface ServelabCall {
  readonly command: string;
  /** Without the dashes. */
  readonly flags: readonly string[];
}

/** The command lines of a block, without comments; lines that a backslash joins are one. */
export const commandLines = (block: string): readonly string[] =>
  block
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map(withoutComment)
    .filter((line) => line !== '');

const withoutComment = (line: string): string => line.replace(/(^|\s)#.*$/, '').trim();

/** `make build smoke STACK=x` -> build, smoke. Two spaces end it: after them stands what the command does. */
export function makeTargets(line: string): readonly string[] {
  const word = String.raw`(?:[A-Z_0-9]+=(?:"[^"]*"|[^\s"]*)|[a-z][a-z0-9-]*)`;
  const calls = line.matchAll(new RegExp(String.raw`(?<![\w./:-])make((?: ${word})+)(?![\w/])`, 'g'));
  return [...calls]
    .flatMap(([, words = '']) => words.trim().split(/ +/))
    .filter((part) => /^[a-z]/.test(part));
}

/** `./servelab load URL --rate 5 | head` -> load, with rate. */
export function servelabCalls(line: string): readonly ServelabCall[] {
  const calls = line.matchAll(/(?:^|\.\/|\$\(|[|;&] *)servelab ([a-z][a-z0-9-]*)(?![\w:.])([^|;&)]*)/g);
  return [...calls].map(([, command = '', rest = '']) => ({
    command,
    flags: [...rest.matchAll(/(?:^|\s)--([a-z][a-z0-9-]*)/g)].map(([, flag]) => flag ?? ''),
  }));
}
