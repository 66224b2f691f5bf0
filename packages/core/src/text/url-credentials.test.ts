import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideCredentials, splitCredentials } from './url-credentials.js';

const basic = (words: string) => `Basic ${Buffer.from(words).toString('base64')}`;

describe('credentials in a URL', () => {
  it.each([
    ['http://me:secret@host:8080/predict', 'http://host:8080/predict', 'me:secret'],
    ['http://me@host/', 'http://host/', 'me:'],
    ['https://me:a%40b%2Fc%3A%25@host', 'https://host', 'me:a@b/c:%'],
    ['http://m%C3%A9:p@host/', 'http://host/', 'mé:p'],
    ['http://me:a@b@host/{{image_name}}?n={{index}}', 'http://host/{{image_name}}?n={{index}}', 'me:a@b'],
    ['http://me:a:b@[::1]:80/', 'http://[::1]:80/', 'me:a:b'],
    [' http:\\\\me:p@host/', 'http:\\\\host/', 'me:p'],
  ])('are taken out of %s', (text, url, words) => {
    expect(splitCredentials(text)).toEqual({ url, authorization: basic(words) });
  });

  it.each(['http://host/a@b', 'http://host?to=me@host', 'http://host#@', 'host:80', 'me@host', ''])(
    'are none in %j',
    (url) => {
      expect(splitCredentials(url)).toEqual({ url, authorization: null });
      expect(hideCredentials(url)).toBe(url);
    },
  );

  it.each([
    ['http://me:100%@host/', 'not percent-encoded'],
    ['http://a%3Ab:secret@host/', 'has a colon'],
  ])('that no header can carry are refused, and not said: %s', (text, words) => {
    expect(() => splitCredentials(text)).toThrow(words);
    expect(() => splitCredentials(text)).not.toThrow(/100|secret/);
  });

  // autocannon#213: the parts come out of the header as they were, whatever they hold.
  it('arrive as they were, and are nowhere in what is shown', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(part, part, (user, password) => {
        fc.pre(!user.includes(':'));
        const secret = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        const text = `http://${secret}@host:1/predict`;
        expect(splitCredentials(text)).toEqual({
          url: 'http://host:1/predict',
          authorization: basic(`${user}:${password}`),
        });
        expect(hideCredentials(`--url=${text}`)).toBe('--url=http://***@host:1/predict');
      }),
    );
  });

  it.each([
    ['http://me:p/w@host/x', 'http://***@host/x'], // No URL: where the password ends is not known.
    ['ftp://me:p@host', 'ftp://***@host'],
    ['http://me:p@host:99999/', 'http://***@host:99999/'],
  ])('are hidden in what cannot be asked either: %s', (text, shown) => {
    expect(hideCredentials(text)).toBe(shown);
  });
});
