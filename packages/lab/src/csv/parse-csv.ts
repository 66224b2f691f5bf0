/** No field of a result is as long; what is beyond is left out. */
const MOST_CHARACTERS = 1_000_000;
/** Nor has one as many columns: what is beyond is left out as well. */
const MOST_FIELDS = 1000;

/**
 * Rows of a CSV file as objects by the names of its header (RFC 4180: fields in quotes may hold separators, line ends
 * and doubled quotes; quotes that old versions of Locust left single are passed over). The header tells whether commas
 * separate, or the semicolons or tabs of a spreadsheet. Lines of another number of fields are left out.
 */
export function parseCsv(text: string): Record<string, string>[] {
  let header: readonly string[] | undefined;
  const rows: Record<string, string>[] = [];
  for (const row of csvRows(text, separatorOf(text), () => header?.length)) {
    if (header === undefined) header = row;
    else if (row.length === header.length) {
      rows.push(Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
    }
  }
  return rows;
}

/** The names that the first line of a CSV file gives its columns. */
export const csvHeader = (text: string): readonly string[] => csvRow(firstLine(text), separatorOf(text));

/** The fields of one line. */
export const csvRow = (line: string, separator = ','): readonly string[] =>
  csvRows(line, separator).next().value ?? [];

/** A number of such a field, with the decimal comma of a spreadsheet as well; null where there is none ("N/A"). */
export function csvNumber(field: string | undefined): number | null {
  if (field === undefined || field.trim() === '') return null;
  const value = Number(/^-?\d+,\d+$/.test(field) ? field.replace(',', '.') : field);
  return Number.isFinite(value) ? value : null;
}

const firstLine = (text: string): string => text.slice(0, text.search(/[\r\n]|$/));

/** A name of a column has none of these in it, so the most frequent one separates. */
export function separatorOf(text: string): string {
  const line = firstLine(text);
  // Without a list of the fields: there may be millions.
  const count = (separator: string) => {
    let found = 0;
    for (let at = line.indexOf(separator); at !== -1; at = line.indexOf(separator, at + 1)) found++;
    return found;
  };
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

/** @param mostFields where a row has more, one too many is kept, which is enough to tell */
function* csvRows(
  text: string,
  separator: string,
  mostFields: () => number | undefined = () => undefined,
): Generator<string[], undefined> {
  let row: string[] = [];
  let field = '';
  let from = 0;
  let quoted = false;
  const takeUpTo = (at: number) => {
    if (field.length < MOST_CHARACTERS) field += text.slice(from, at);
    from = at + 1;
  };
  const endField = () => {
    if (row.length <= (mostFields() ?? MOST_FIELDS)) row.push(field);
    field = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      takeUpTo(at);
      // Of two in quotes the second one is the field's own.
      if (quoted && text[at + 1] === '"') at++;
      else quoted = !quoted;
    } else if (quoted) continue;
    else if (char === separator) {
      takeUpTo(at);
      endField();
    } else if (char === '\r') takeUpTo(at);
    else if (char === '\n') {
      takeUpTo(at);
      endField();
      if (row.length > 1 || row[0] !== '') yield row;
      row = [];
    }
  }
  takeUpTo(text.length);
  endField();
  if (row.length > 1 || row[0] !== '') yield row;
}
