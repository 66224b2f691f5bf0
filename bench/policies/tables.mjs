// The results of bench/policies.mjs as the tables of docs/policies.md.
import { ARRIVALS, COSTS_MS, LOADS, WORKERS } from './cells.mjs';

const BEGIN = '<!-- policies: begin -->';
const END = '<!-- policies: end -->';

/** One table a cost curve: how much more `optimal`'s mean latency is than the best other policy's, and whose that is. */
export function markdownTables(results) {
  return Object.keys(COSTS_MS)
    .map((cost) => {
      const columns = ARRIVALS.flatMap((arrivals) => WORKERS.map((workers) => ({ arrivals, workers })));
      const rows = LOADS.map((load) => {
        const cells = columns.map(({ arrivals, workers }) => {
          const one = results.find(
            (r) => r.cost === cost && r.load === load && r.arrivals === arrivals && r.workers === workers,
          );
          return one === undefined ? '' : words(one.verdict);
        });
        return `| ${load * 100} % | ${cells.join(' | ')} |`;
      });
      const heads = columns.map(({ arrivals, workers }) => `${arrivals}, ${workers}`);
      return [
        `**${cost}**`,
        '',
        `| load | ${heads.join(' | ')} |`,
        `| ---: |${' --- |'.repeat(columns.length)}`,
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

const words = ({ best, given, learned }) => `${percent(given)} / ${percent(learned)} ${best}`;

const percent = (share) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`;

/** @throws Error where the page has no place for them */
export function withTables(page, tables) {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/policies.md needs the lines ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${tables}\n\n${page.slice(to)}`;
}
