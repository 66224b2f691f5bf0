import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.js';

const TEXT = '{"Größe": "é, 猫, 🦜"}\r\n';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

// Files that PowerShell redirects are UTF-16 with a mark: grafana/k6-docs#212.
describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16, little end first', utf16(`\uFEFF${TEXT}`)],
    ['UTF-16, big end first', swapped(utf16(`\uFEFF${TEXT}`))],
  ])('reads %s', (_encoding, bytes) => {
    expect(decodeText(bytes)).toBe(TEXT);
  });

  it('reads nothing from nothing, and a lone mark as nothing', () => {
    expect(decodeText(Buffer.alloc(0))).toBe('');
    expect(decodeText(Buffer.from([0xef, 0xbb, 0xbf]))).toBe('');
    expect(decodeText(Buffer.from([0xff, 0xfe]))).toBe('');
  });
});
