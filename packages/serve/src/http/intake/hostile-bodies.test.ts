import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../request-error.js';
import { decodeBase64 } from './base64.js';
import { chooseIntake } from './choose-intake.js';
import { TURN_BYTES } from './in-turns.js';
import { finish } from './run-work.fixture.js';

const MIB = 1024 * 1024;
const BODY_BYTES = 4 * MIB;
const FORM = 'multipart/form-data; boundary=';

const repeated = (text: string, bytes = BODY_BYTES) => text.repeat(Math.ceil(bytes / text.length));
const member = (value: string) => `{"image_base64":"${value}"}`;
const list = (element: string) => `{"images_base64":[${repeated(`${element},`)}1]}`;
const partOf = (headers: string, bytes = '') => `--X\r\n${headers}\r\n\r\n${bytes}\r\n`;
const FILE = 'Content-Disposition: form-data; name="file"; filename="a"';

afterEach(() => void vi.restoreAllMocks());

/** How often the intake stands aside for a body, and how it ends. */
function taken(contentType: string, text: string) {
  const body = Buffer.from(text, 'latin1');
  const work = chooseIntake(contentType)(body, contentType, 32);
  for (let turns = 1; ; turns++) {
    try {
      const step = work.next();
      if (step.done === true) return { turns, end: `${step.value.images.length}` };
    } catch (error) {
      if (error instanceof RequestError) return { turns, end: error.code };
      throw error;
    }
  }
}

describe('a body that is made to take long stands aside after each part of it', () => {
  const whole = BODY_BYTES / TURN_BYTES;

  it.each<[name: string, body: string, end: string, turns: number]>([
    ['empty strings in the list', list('""'), 'too_many_images', whole],
    ['numbers', list('1'), 'too_many_images', whole],
    ['names', `{${repeated('"a":1,')}"b":1}`, 'missing_image', whole],
    ['the name again and again', `{${repeated('"image_base64":"",')}"b":1}`, '1', whole],
    ['lists again and again', `{${repeated('"images_base64":[""],')}"images_base64":[""]}`, '1', whole],
    ['objects', `{"a":[${repeated('{},')}{}]}`, 'missing_image', whole],
    ['a long number', `{"a":${repeated('1')}}`, 'missing_image', whole],
    ['blanks', repeated(' '), 'invalid_json', whole],
    ['base64', member(repeated('AAAA')), '1', 2 * whole],
    ['base64 with blanks', member(repeated('AA A A ')), '1', 2 * whole],
    ['base64 behind blanks', member(`${repeated(' ')}AAAA`), '1', 2 * whole],
    ['escapes', member(repeated('\\u0041', 4 * MIB)), 'invalid_base64', 2 * whole],
    ['characters beyond ASCII', member(repeated('\xc3\xa9')), 'invalid_base64', whole],
  ])('%s', (_name, body, end, turns) => {
    const parse = vi.spyOn(JSON, 'parse');
    const outcome = taken('application/json', body);
    expect(outcome.end).toBe(end);
    expect(outcome.turns).toBeGreaterThanOrEqual(turns);
    for (const [text] of parse.mock.calls) expect(text.length).toBeLessThanOrEqual(130);
  });

  it.each<[name: string, boundary: string, body: string, end: string, turns: number]>([
    [
      'parts with long headers',
      'X',
      `${partOf(`a: ${';'.repeat(8000)}`).repeat(500)}--X--`,
      'missing_image',
      60,
    ],
    [
      'parts with many parameters',
      'X',
      `${partOf(FILE + ';a=b'.repeat(1900)).repeat(500)}--X--`,
      'too_many_images',
      60,
    ],
    ['no boundary', 'X', repeated('\r\n--'), 'missing_image', whole],
    [
      'the beginnings of a long boundary',
      'a'.repeat(256),
      repeated(`\r\n--${'a'.repeat(247)}`),
      'missing_image',
      whole,
    ],
    [
      'base64 in a part',
      'X',
      `${partOf(`${FILE}\r\nContent-Transfer-Encoding: base64`, repeated('A\r\n'))}--X--`,
      '1',
      whole,
    ],
  ])('%s', (_name, boundary, body, end, turns) => {
    const indexOf = vi.spyOn(Buffer.prototype, 'indexOf');
    const outcome = taken(FORM + boundary, body);
    expect(outcome.end).toBe(end);
    expect(outcome.turns).toBeGreaterThanOrEqual(turns);
    // More than 250 bytes are searched for in quadratic time.
    for (const [needle] of indexOf.mock.calls) expect((needle as Buffer).length).toBeLessThanOrEqual(250);
  });

  it.each(['[', '{"a":', '{"a":[[1],['])('and is refused at once where it nests without end: %s', (text) => {
    expect(taken('application/json', repeated(text))).toEqual({ turns: 1, end: 'invalid_json' });
  });
});

/** As Buffer reads it, after what white space and a prefix are taken off. */
function plainly(text: string): Buffer | null {
  const encoded = text
    .replace(/^[ \t\n\v\f\r]*data:[^,]{0,256};base64,/i, '')
    .replaceAll(/[ \t\n\v\f\r]/g, '');
  return /^(?:[A-Za-z\d+/_-]{4})*(?:[A-Za-z\d+/_-]{2}==|[A-Za-z\d+/_-]{3}=)?$/.test(encoded)
    ? Buffer.from(encoded, 'base64')
    : null;
}

describe('base64 that is decoded in its place', () => {
  const same = (text: string) => {
    const body = Buffer.from(`"${text}"`, 'latin1');
    expect(finish(decodeBase64(body.subarray(1, -1)))).toEqual(plainly(text));
    expect(String.fromCharCode(body[0] ?? 0, body.at(-1) ?? 0)).toBe('""');
  };

  it('is what Buffer reads', () => {
    const blank = fc.constantFrom('', ' ', '\n', '\r\n');
    const text = fc
      .tuple(
        fc.uint8Array(),
        blank,
        blank,
        fc.constantFrom('', 'data:image/png;base64,', 'DATA:;a=b;BASE64,'),
      )
      .map(([bytes, gap, before, prefix]) => {
        const encoded = Buffer.from(bytes)
          .toString('base64')
          .replaceAll(/(.{5})/g, `$1${gap}`);
        return before + prefix + gap + encoded;
      });
    fc.assert(fc.property(text, same), { numRuns: 500 });
    const odd = fc.string({ unit: fc.constantFrom(...'ABab09+/-_= \n,;:!\xc4') });
    fc.assert(fc.property(odd, same), { numRuns: 2000 });
  });

  it('also where a turn ends in the middle of it', () => {
    const bytes = Buffer.alloc(TURN_BYTES * 2 + 1, 'a photograph');
    const lines = bytes.toString('base64').replaceAll(/(.{76})/g, '$1\r\n');
    for (const text of [bytes.toString('base64'), lines, ` ${lines}`]) {
      expect(finish(decodeBase64(Buffer.from(text)))?.equals(bytes)).toBe(true);
    }
    expect(finish(decodeBase64(Buffer.from(`${lines.slice(0, -8)}!${lines.slice(-7)}`)))).toBeNull();
  });
});
