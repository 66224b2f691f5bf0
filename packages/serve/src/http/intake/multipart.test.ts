import { once } from 'node:events';
import { Busboy } from '@fastify/busboy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../request-error.js';
import { multipart } from './multipart.js';
import { finish } from './run-work.fixture.js';

/** The files of a form as text; null where it cannot be read, or has none. */
function ours(body: Buffer, contentType: string): string[] | null {
  try {
    const { images } = finish(multipart(Buffer.from(body), contentType, 1000));
    return images.map((image) =>
      image instanceof Uint8Array ? Buffer.from(image).toString('latin1') : image.code,
    );
  } catch (error) {
    if (error instanceof RequestError) return null;
    throw error;
  }
}

/** The same by a parser that many use, whatever pieces the body comes in. */
async function theirs(body: Buffer, contentType: string, pieceBytes: number): Promise<string[] | null> {
  const files: Promise<string | null>[] = [];
  try {
    const busboy = new Busboy({
      headers: { 'content-type': contentType },
      preservePath: true,
      // It tells files from fields by the file name or the type application/octet-stream; so do we, and image/*.
      isPartAFile: (_field, type, fileName) =>
        fileName !== undefined || type === 'application/octet-stream' || type?.startsWith('image/') === true,
    });
    busboy.on('file', (field, stream, fileName) => {
      files.push(
        (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(chunk as Buffer);
          const text = Buffer.concat(chunks).toString('latin1');
          const unused = fileName === '' && text === '';
          return (field === 'file' || field === 'files') && !unused ? text : null;
        })(),
      );
    });
    const finished = once(busboy, 'finish');
    for (let at = 0; at < body.length; at += pieceBytes) busboy.write(body.subarray(at, at + pieceBytes));
    busboy.end();
    await finished;
    const found = (await Promise.all(files)).filter((text) => text !== null);
    return found.length === 0 ? null : found;
  } catch {
    return null;
  }
}

const boundary = fc.string({ unit: fc.constantFrom(...'aB0-_.'), minLength: 1, maxLength: 90 });
const fileName = fc.string({ unit: fc.constantFrom(...'ab .;=,()é'), maxLength: 12 });
const blank = fc.constantFrom('', ' ', '\t', '  ');
const bytes = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '\r', '\n', '-', 'B') }),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom('', '\r\n', '\r\n--', '--'),
);
const disposition = fc
  .tuple(fc.constantFrom('file', 'files', 'other', ''), fileName, blank, fc.boolean(), fc.nat(4))
  .map(([name, file, gap, nameLast, form]) => {
    const quotedFile = `filename="${file}"`;
    const parameters = [
      form === 1 && /^[a-z]+$/.test(name) ? `name=${name}` : `name="${name}"`,
      ...(form === 0 ? [] : form === 2 ? [`filename="a\\"${file}\\\\"`] : [quotedFile]),
    ];
    if (nameLast) parameters.reverse();
    return `Content-Disposition: form-data;${gap} ${parameters.join(`;${gap}`)}`;
  });
const type = fc.constantFrom(
  '',
  'Content-Type: image/png',
  'content-type:application/octet-stream',
  'X-Any: x',
);
const part = fc.tuple(disposition, type, fc.boolean(), bytes).map(([first, second, turned, content]) => {
  const headers = [first, second].filter((header) => header !== '');
  return { headers: (turned ? headers.reverse() : headers).join('\r\n'), content };
});
const form = fc
  .tuple(
    boundary,
    fc.array(part, { maxLength: 4 }),
    fc.constantFrom('', 'preamble\r\n'),
    fc.constantFrom('', '\r\n', '\r\nepilogue'),
  )
  // A boundary that its own part contains is a fault of the client.
  .filter(([text, parts]) => parts.every(({ content }) => !`\r\n${content}\r\n`.includes(`\r\n--${text}`)))
  .map(([text, parts, preamble, epilogue]) => ({
    contentType: `multipart/form-data; boundary=${text}`,
    body: Buffer.from(
      `${preamble}${parts.map(({ headers, content }) => `--${text}\r\n${headers}\r\n\r\n${content}\r\n`).join('')}--${text}--${epilogue}`,
      'latin1',
    ),
  }));

describe('a form is read as @fastify/busboy reads it', () => {
  it('whole', async () => {
    await fc.assert(
      fc.asyncProperty(form, fc.integer({ min: 1, max: 300 }), async ({ body, contentType }, pieceBytes) => {
        expect(ours(body, contentType)).toEqual(await theirs(body, contentType, pieceBytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('or cut off, which is refused, where what is lost is more than the end', async () => {
    await fc.assert(
      fc.property(form, fc.double({ min: 0, max: 1, noNaN: true }), ({ body, contentType }, share) => {
        const end = body.lastIndexOf('--');
        const cut = body.subarray(0, Math.floor(share * end));
        expect(ours(cut, contentType)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
