import fc from 'fast-check';
import { expect, it } from 'vitest';
import { excerpt, visibleLine, visibleText } from './visible-text.js';

it.each([
  ['a colour', '\u001b[31mred', '\\u001b[31mred'],
  ['the one-byte form of it', '\u009b31mred', '\\u009b31mred'],
  ['a bell and a backspace', 'a\u0007b\u0008', 'a\\u0007b\\u0008'],
  ['a carriage return, which would write over the line', 'safe\rgone', 'safe\\u000dgone'],
  ['text that runs the other way (CVE-2021-42574)', 'user\u202etxt.exe', 'user\\u202etxt.exe'],
  ['tags, which nobody sees', 'a\u{e0041}', 'a\\udb40\\udc41'],
  ['umlauts, CJK and pictures', 'Größe 画像 🦜', 'Größe 画像 🦜'],
])('shows %s', (_what, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it('keeps the layout of a text, and none on one line', () => {
  expect(visibleText('a\tb\nc')).toBe('a\tb\nc');
  expect(visibleLine('a\tb\nc')).toBe('a\\u0009b\\u000ac');
});

it('cuts a long text, and never shows more than was asked for', () => {
  expect(excerpt('short', 5)).toBe('short');
  expect(excerpt('too long', 5)).toBe('too l…');
  expect(excerpt('\u001b'.repeat(5), 5)).toBe('\\u001…');
});

it('leaves the meaning of any JSON document as it was', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
      expect(JSON.parse(visibleText(json))).toEqual(JSON.parse(json));
    }),
  );
});
