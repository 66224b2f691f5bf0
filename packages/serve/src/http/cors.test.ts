import { UserError } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { originRule } from './cors.js';

describe('--cors-origin', () => {
  it('allows nobody where it is not given', () => {
    expect(originRule(null)('https://app.example')).toBeUndefined();
  });

  it('allows any page by *', () => {
    expect(originRule(['https://app.example', '*'])(undefined)).toBe('*');
  });

  it('allows what is listed, as browsers write it', () => {
    const allow = originRule(['HTTPS://App.Example:443/', 'http://localhost:5173']);
    expect(allow('https://app.example')).toBe('https://app.example');
    expect(allow('http://localhost:5173')).toBe('http://localhost:5173');
    expect(allow('http://localhost')).toBeUndefined();
    expect(allow('https://app.example.evil')).toBeUndefined();
    expect(allow(undefined)).toBeUndefined();
  });

  it.each(['app.example', 'https://app.example/page', 'https://app.example?x', 'null', 'file:///a', ''])(
    'refuses %j, which no browser would send',
    (origin) => {
      expect(() => originRule([origin])).toThrow(UserError);
    },
  );
});
