import { expect, it } from 'vitest';
import { FakeTerminal } from '../../../../test/fixtures/fake-terminal.js';
import { Screen } from './screen.js';

const COLOURFUL = { TERM: 'xterm-256color' };
const lines =
  (...texts: string[]) =>
  () =>
    texts.map((text) => [{ text }]);

it('draws over what it drew, below the lines that last', () => {
  const terminal = new FakeTerminal(40, 10);
  terminal.write('before\n');
  const screen = new Screen(terminal, COLOURFUL);
  screen.draw(lines('one', 'two longer', 'three'));
  screen.print([{ text: 'lasting\n  in two lines' }]);
  screen.draw(lines('four', 'five'));
  expect(terminal.shown()).toEqual(['before', 'lasting', '  in two lines', 'four', 'five']);
});

it('cuts lines to the width, also when the window becomes narrower, and leaves nothing of the old ones', () => {
  const terminal = new FakeTerminal(20, 10);
  const screen = new Screen(terminal, COLOURFUL);
  screen.print([{ text: 'lasting' }]);
  screen.draw(lines('x'.repeat(30), 'second'));
  expect(terminal.shown()).toEqual(['lasting', `${'x'.repeat(18)}…`, 'second']);
  terminal.resize(9);
  expect(terminal.shown()).toEqual(['lasting', `${'x'.repeat(7)}…`, 'second']);
});

it('draws no more than the window is high', () => {
  const terminal = new FakeTerminal(20, 3);
  const screen = new Screen(terminal, COLOURFUL);
  for (let time = 0; time < 3; time++) screen.draw(lines('one', 'two', 'three', 'four'));
  expect(terminal.shown()).toEqual(['one', 'two']);
});

it('hides the cursor while it draws; at the end shows it, and takes itself away', () => {
  const terminal = new FakeTerminal(40, 10);
  const atExit = process.listenerCount('exit');
  const screen = new Screen(terminal, COLOURFUL);
  screen.draw(lines('one', 'two'));
  expect(terminal.cursorShown).toBe(false);
  screen.end();
  screen.end();
  expect(terminal.cursorShown).toBe(true);
  expect(terminal.shown()).toEqual([]);
  expect([terminal.listenerCount('resize'), process.listenerCount('exit')]).toEqual([0, atExit]);
});

it.each([
  ['in colour', COLOURFUL, '\u001b[31m3 errors\u001b[39m'],
  ['without colours where NO_COLOR asks for that', { ...COLOURFUL, NO_COLOR: '1' }, '\r3 errors'],
])('says what went wrong %s', (_how, environment, written) => {
  const terminal = new FakeTerminal(40, 10);
  new Screen(terminal, environment).print([{ text: '3 errors', tone: 'bad' }]);
  expect(terminal.written).toContain(written);
});
