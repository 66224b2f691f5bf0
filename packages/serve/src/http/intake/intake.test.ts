import { describe, expect, it } from 'vitest';
import { RequestError } from '../request-error.js';
import { decodeBase64 } from './base64.js';
import { chooseIntake } from './choose-intake.js';
import { finish } from './run-work.fixture.js';

const MAX_IMAGES = 3;
const FORM = 'multipart/form-data; boundary=XX';

/** What an intake makes of a body: images as text, or codes. */
function read(contentType: string, body: string | Buffer) {
  try {
    const { images, listed } = finish(chooseIntake(contentType)(Buffer.from(body), contentType, MAX_IMAGES));
    return {
      listed,
      images: images.map((image) =>
        image instanceof Uint8Array ? Buffer.from(image).toString() : image.code,
      ),
    };
  } catch (error) {
    if (error instanceof RequestError) return error.code;
    throw error;
  }
}

/** What the client is told. */
function detail(contentType: string, body: string): string {
  try {
    finish(chooseIntake(contentType)(Buffer.from(body), contentType, MAX_IMAGES));
  } catch (error) {
    if (error instanceof RequestError) return error.detail;
    throw error;
  }
  throw new Error('it was taken');
}

const decoded = (text: string) => finish(decodeBase64(Buffer.from(text)));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const json = (value: unknown) => read('application/json', JSON.stringify(value));
const part = (headers: string, bytes: string) => `--XX\r\n${headers}\r\n\r\n${bytes}\r\n`;
const filePart = (name: string, bytes: string) =>
  part(`Content-Disposition: form-data; name="${name}"; filename="a.jpg"\r\nContent-Type: image/jpeg`, bytes);
const form = (...parts: string[]) => read(FORM, `${parts.join('')}--XX--\r\n`);

describe('multipart', () => {
  it('takes one part named file or files as one image', () => {
    expect(form(filePart('file', 'one'))).toEqual({ listed: false, images: ['one'] });
    expect(form(filePart('files', 'one'))).toEqual({ listed: false, images: ['one'] });
  });

  it('takes several parts in order', () => {
    expect(form(filePart('files', 'a'), filePart('file', 'b'))).toEqual({ listed: true, images: ['a', 'b'] });
  });

  it('keeps bytes that look like a boundary, line ends, and empty files', () => {
    expect(form(filePart('file', '\r\n--X\r\n--YY--\r\n'))).toMatchObject({
      images: ['\r\n--X\r\n--YY--\r\n'],
    });
    expect(form(filePart('files', ''), filePart('files', 'b'))).toMatchObject({ images: ['', 'b'] });
  });

  it('takes a quoted boundary, a preamble, an unquoted name and a part typed as an image without a file name', () => {
    const body = `preamble\r\n${part('content-disposition: form-data; name=file\r\ncontent-type: image/png', 'x')}--XX--`;
    expect(read('Multipart/Form-Data; charset=utf-8; boundary="XX"', body)).toEqual({
      listed: false,
      images: ['x'],
    });
  });

  it('leaves other fields alone', () => {
    const comment = part('Content-Disposition: form-data; name="comment"', 'hello');
    expect(form(comment, filePart('image', 'no'), filePart('file', 'yes'))).toMatchObject({
      images: ['yes'],
    });
  });

  it.each<[name: string, body: string, contentType?: string]>([
    ['no part', '--XX--\r\n'],
    [
      'a text field in place of a file',
      `${part('Content-Disposition: form-data; name="file"', 'text')}--XX--`,
    ],
    ['a file under another name', `${filePart('image', 'x')}--XX--`],
    ['a part without headers', '--XX\r\n\r\nbytes\r\n--XX--'],
    ['no boundary in the type', filePart('file', 'x'), 'multipart/form-data'],
    ['another boundary in the body', filePart('file', 'x'), 'multipart/form-data; boundary=YY'],
    ['a part cut off', '--XX\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'],
    ['headers cut off', '--XX\r\nContent-Dispos'],
    ['nothing after the boundary', '--XX'],
    ['headers without end', `--XX\r\n${'x'.repeat(9000)}\r\n\r\nbytes\r\n--XX--`],
    ['an empty body', ''],
  ])('finds no image in a form with %s', (_name, body, contentType = FORM) => {
    expect(read(contentType, body)).toBe('missing_image');
  });

  it('counts only images against the limit', () => {
    const files = Array.from({ length: MAX_IMAGES + 1 }, (_, i) => filePart('files', `${i}`));
    expect(form(...files)).toBe('too_many_images');
    expect(form(part('Content-Disposition: form-data; name="a"', '1'), ...files.slice(1))).toMatchObject({
      images: ['1', '2', '3'],
    });
  });

  it('takes a boundary of 256 characters, and says how long one is that it does not take', () => {
    // python-multipart#282. A search for more than 250 bytes is quadratic in Node: the rest is compared.
    const boundary = 'a'.repeat(256);
    const body = filePart('file', `x\r\n--${'a'.repeat(255)}b`).replace('--XX', `--${boundary}`);
    expect(read(`multipart/form-data; boundary=${boundary}`, `${body}--${boundary}--`)).toMatchObject({
      images: [`x\r\n--${'a'.repeat(255)}b`],
    });
    expect(detail(`multipart/form-data; boundary=${boundary}a`, body)).toBe(
      'The boundary has 257 characters; at most 256 are taken.',
    );
  });

  it('takes blanks after a boundary, and whatever follows the last one', () => {
    // multer#25
    const body = `--XX \t\r\n${filePart('file', 'x').slice('--XX\r\n'.length)}--XX-- \r\nepilogue`;
    expect(read(FORM, body)).toMatchObject({ images: ['x'] });
  });

  it.each([
    ['blanks around the equals sign', 'form-data; name = "file"; filename = "a.jpg"'],
    [
      'a file name with an equals sign and a semicolon',
      'form-data; filename="my name=x; name=y.jpg"; name="file"',
    ],
    ['an escaped quote', 'form-data; filename="a\\"; name=\\"b.jpg"; name="file"'],
    ['a path of Windows', 'form-data; filename="C:\\pictures\\a.jpg"; name="file"'],
    ['filename*', "form-data; name=file; filename*=UTF-8''na%20me.jpg"],
    ['capitals', 'Form-Data; Name="file"; FileName="a.jpg"'],
    ['a folded header', 'form-data;\r\n name="file";\r\n\tfilename="a.jpg"'],
    ['a name that comes twice', 'form-data; name="file"; name="b"; filename="a.jpg"'],
  ])('reads a disposition with %s', (_name, disposition) => {
    expect(form(part(`Content-Disposition: ${disposition}`, 'x'))).toEqual({ listed: false, images: ['x'] });
  });

  it('does not count the empty part of a file input that nobody used', () => {
    // python-multipart#65
    const unused = part(
      'Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: application/octet-stream',
      '',
    );
    expect(form(unused, filePart('file', 'x'))).toEqual({ listed: false, images: ['x'] });
    expect(detail(FORM, `${unused}--XX--`)).toContain('part "file" (no file chosen)');
  });

  it('decodes base64 of a part, and refuses an encoding that it does not know', () => {
    // akka-http#3812
    const encoded = (encoding: string, bytes: string) =>
      part(
        `Content-Disposition: form-data; name="files"; filename="a"\r\nContent-Transfer-Encoding: ${encoding}`,
        bytes,
      );
    expect(
      form(encoded('Base64', 'b25l\r\ndHdv'), encoded('binary', 'b25l'), encoded('base64', '!')),
    ).toMatchObject({ images: ['onetwo', 'b25l', 'invalid_base64'] });
    expect(form(encoded('quoted-printable', 'x'))).toBe('unsupported_content_encoding');
  });

  it('tells which parts it found where none carries an image', () => {
    const comment = part('Content-Disposition: form-data; name="file"', 'text');
    expect(detail(FORM, `${filePart('image', 'x')}${comment}--XX--`)).toBe(
      'Found part "image", part "file" (text, no file); expected a file part named "file" or "files".',
    );
  });

  it('stops at a thousand parts', () => {
    const empty = part('Content-Disposition: form-data; name="a"', '');
    expect(form(empty.repeat(1001))).toBe('too_many_images');
  });
});

describe('JSON', () => {
  it('takes one image, and a list even of one', () => {
    expect(json({ image_base64: base64('one') })).toEqual({ listed: false, images: ['one'] });
    expect(json({ images_base64: [base64('one')] })).toEqual({ listed: true, images: ['one'] });
  });

  it('lets one bad image of a list fail alone', () => {
    expect(json({ images_base64: [base64('a'), '%%%%', null, base64('b')].slice(0, 3) })).toEqual({
      listed: true,
      images: ['a', 'invalid_base64', 'invalid_base64'],
    });
  });

  it.each<[name: string, body: unknown, code: string]>([
    ['no key', {}, 'missing_image'],
    ['an empty list', { images_base64: [] }, 'missing_image'],
    ['too many', { images_base64: Array(MAX_IMAGES + 1).fill('AAAA') }, 'too_many_images'],
    ['both keys', { image_base64: 'AAAA', images_base64: ['AAAA'] }, 'invalid_json'],
    ['a number', { image_base64: 7 }, 'invalid_json'],
    ['no list', { images_base64: 'AAAA' }, 'invalid_json'],
    ['a list at the top', ['AAAA'], 'invalid_json'],
    ['null', null, 'invalid_json'],
    ['bad base64', { image_base64: 'AAA!' }, 'invalid_base64'],
  ])('refuses %s', (_name, body, code) => {
    expect(json(body)).toBe(code);
  });

  it('reads past a byte-order mark, and knows UTF-16', () => {
    // PowerShell writes the one or the other.
    const text = `{"image_base64": "${base64('one')}"}`;
    expect(read('application/json', `\ufeff${text}`)).toMatchObject({ images: ['one'] });
    for (const body of [Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(text, 'utf16le')]) {
      expect(read('application/json', body)).toBe('invalid_json');
    }
  });

  it('reads escapes, in names as well', () => {
    expect(read('application/json', String.raw`{"image\u005fbase64": "\u0062\/\/\/\n"}`)).toMatchObject({
      images: [Buffer.from('b///', 'base64').toString()],
    });
    expect(read('application/json', String.raw`{"image_base64": "\u0162AAA"}`)).toBe('invalid_base64');
  });

  it('tells which members it found where none is an image', () => {
    expect(detail('application/json', '{"image": 1, "b": [], "c": {}, "d": 0}')).toBe(
      'Found the members "image", "b", "c"; expected image_base64 or a non-empty images_base64.',
    );
  });

  it('refuses what is not valid JSON', () => {
    expect(read('application/json', '{"image_base64": ')).toBe('invalid_json');
    expect(read('application/json', '')).toBe('invalid_json');
  });
});

describe('decodeBase64', () => {
  const encoded = base64('some bytes, 19 long');

  it.each<[name: string, text: string]>([
    ['plain', encoded],
    ['with line ends', encoded.replace(/(.{8})/g, '$1\r\n')],
    ['with white space around it', `  ${encoded}\n`],
    ['with a data: prefix', `data:image/png;base64,${encoded}`],
    ['with both', ` data:image/png;charset=x;base64, ${encoded.replace(/(.{4})/g, '$1 ')}`],
  ])('reads base64 %s', (_name, text) => {
    expect(decoded(text)?.toString()).toBe('some bytes, 19 long');
  });

  it.each<[name: string, text: string]>([
    ['a character outside the alphabet', `!${encoded.slice(1)}`],
    ['padding in the middle', `${encoded.slice(0, 4)}AA==${encoded.slice(4)}`],
    ['padding missing', encoded.replace(/=+$/, '')],
    ['too much padding', `${encoded.replace(/=+$/, '')}====`],
    ['a data: prefix that says no base64', `data:image/png,${encoded}`],
    ['a UTF-16 character that is a letter in its low byte', `\u0141${encoded.slice(1)}`],
  ])('refuses %s', (_name, text) => {
    expect(decoded(text)).toBeNull();
  });

  it('reads the empty string as no bytes', () => {
    expect(decoded('')?.length).toBe(0);
  });
});

describe('a raw body', () => {
  it('is the image', () => {
    expect(read('image/jpeg', 'bytes')).toEqual({ listed: false, images: ['bytes'] });
  });

  it('is no image when it is empty', () => {
    expect(read('image/jpeg', '')).toBe('missing_image');
  });
});

it.each(['', 'text/plain', 'application/octet-stream', 'application/jsonp', 'imagejpeg'])(
  'does not take the content type "%s"',
  (contentType) => {
    expect(read(contentType, 'x')).toBe('unsupported_media_type');
  },
);
