/**
 * Rows of a CSV file as objects by the names of its header (RFC 4180: fields in quotes may hold separators, line ends
 * and doubled quotes). The header tells whether commas separate, or the semicolons or tabs of a spreadsheet.
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = csvRows(text, separatorOf(text));
  return rows
    .filter((row) => row.length === header.length)
    .map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
}

/** The names that the first line of a CSV file gives its columns. */
export const csvHeader = (text: string): readonly string[] => csvRow(firstLine(text), separatorOf(text));

/** The fields of one line. */
export const csvRow = (line: string, separator = ','): readonly string[] => csvRows(line, separator)[0] ?? [];

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
  const count = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

function csvRows(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === separator) {
      row.push(field);
      field = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r') field += char;
  }
  endRow();
  return rows;
}
