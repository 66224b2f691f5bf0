import { ATTRIBUTION_NOTE } from '../attribution-pictures.js';
import { escapeText } from '../charts/svg.js';
import type { DrawnWorkload } from '../pictures.js';
import type { RunView } from '../run-view.js';
import { figureMarkup, type Panel, paragraph, restsOn, statMarkup, tableMarkup } from './markup.js';

/** What a difference between two stacks is made of. */
export function attributionPanel(_view: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ pictures }) =>
    pictures.attribution.map((picture) => {
      const { steps } = picture.chain;
      const repeats = Math.max(0, ...steps.map(({ speedup }) => speedup.n));
      const rows = steps.map(({ factor, change, from, to, speedup }) => [
        escapeText(`${factor}: ${change}`),
        escapeText(from),
        escapeText(to),
        statMarkup(speedup, 'speedup', repeats),
      ]);
      const table = tableMarkup({
        caption: picture.title,
        header: ['Factor', 'From', 'To', 'Speed-up'],
        rows,
        restOn: restsOn(repeats),
        wordColumns: 3,
      });
      return figureMarkup(picture, table);
    }),
  );
  const note = body.length === 0 ? '' : paragraph(ATTRIBUTION_NOTE, 'note');
  return { id: 'attribution', title: 'What the difference is made of', body: note + body.join('') };
}
