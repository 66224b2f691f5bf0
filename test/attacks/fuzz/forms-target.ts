import type { Random } from '@servelab/core';
import { COLOURS, plainImage } from '../../fixtures/colour-classifier.js';
import { faultOfProblem } from '../http/send-body.js';
import { mutateBytes } from '../inputs/mutate-bytes.js';
import { chance, pick, randomBytes, randomInteger } from '../inputs/random-input.js';
import { serverTarget } from './server-target.js';

const HEXES = ['#ff0000', '#00ff00', '#0000ff'];
const BOUNDARY_CHARACTERS = "0123456789abcXYZ'()+_,-./:=?";
/** Images of a form, by their colour; null for a file that is no image. */
type Files = readonly (string | null)[];

let images: Promise<Buffer[]> | undefined;
const colourImages = () => {
  images ??= Promise.all(HEXES.map((hex) => plainImage(hex, 3, 2)));
  return images;
};

/**
 * Forms as clients write them, in all the ways that RFC 7578 and 2046 leave: every file gets its answer, in order.
 * Some are damaged afterwards: then they are answered somehow, never with a failure of the server's.
 */
export const formsTarget = serverTarget({
  name: 'forms',
  atOnce: 4,
  async make(random) {
    const { contentType, bytes, files } = await form(random);
    if (chance(random, 0.5)) return { bytes, how: contentType, expected: { contentType, files } };
    const damaged = mutateBytes(bytes, random);
    return { bytes: damaged, how: `damaged, as ${contentType}`, expected: { contentType, files: null } };
  },
  async check({ bytes, expected }, server) {
    const { contentType, files } = expected as { contentType: string; files: Files | null };
    const answer = await server.post({ headers: { 'content-type': contentType }, body: bytes });
    if (files === null) {
      return [200, 400, 413, 415].includes(answer.status)
        ? faultOfProblem(answer)
        : `answered ${answer.status}`;
    }
    const got = `${answer.status} ${told(answer.text).join()}`;
    const right = rightAnswer(files);
    return got === right ? null : `not the answer to its files: got ${got}, not ${right}`;
  },
});

/** One file is answered by itself, several by a list; none is an error. */
function rightAnswer(files: Files): string {
  const [first] = files;
  if (first === undefined) return '400 missing_image';
  if (files.length === 1) return first === null ? '400 invalid_image' : `200 ${first}`;
  return `200 ${files.map((colour) => colour ?? 'invalid_image').join()}`;
}

interface Told {
  readonly code?: string;
  readonly top_prediction?: string;
  readonly error?: { readonly code: string };
  readonly results?: readonly Told[];
}

function told(text: string): string[] {
  const { results, code, top_prediction, error } = JSON.parse(text) as Told;
  return (
    results?.flatMap((one) => told(JSON.stringify(one))) ?? [top_prediction ?? code ?? error?.code ?? '?']
  );
}

async function form(random: Random): Promise<{ contentType: string; bytes: Buffer; files: Files }> {
  const boundary = randomBoundary(random);
  const files: (string | null)[] = [];
  const parts: Buffer[] = [];
  const add = (...pieces: (string | Buffer)[]) => parts.push(...pieces.map((piece) => Buffer.from(piece)));
  if (chance(random, 0.2)) add('preamble\r\n-- \r\n');
  const count = randomInteger(random, 0, 5);
  for (let n = 0; n < count; n++) {
    add(`--${boundary}${pick(random, ['', '', '', ' ', '\t '])}\r\n`);
    const kind = random();
    if (kind < 0.15) {
      add(field(random), '\r\n\r\n', 'some text\r\n');
    } else if (kind < 0.25) {
      // What a browser sends where no file was chosen.
      add('Content-Disposition: form-data; name="file"; filename=""\r\n');
      add('Content-Type: application/octet-stream\r\n\r\n', '\r\n');
    } else {
      const colour = randomInteger(random, 0, COLOURS.length);
      const image =
        (await colourImages())[colour] ?? Buffer.concat([Buffer.from('no image'), almost(boundary)]);
      files.push(COLOURS[colour] ?? null);
      const isBase64 = chance(random, 0.15);
      add(fileHeaders(random, isBase64), '\r\n', isBase64 ? inLines(image) : image, '\r\n');
    }
  }
  add(`--${boundary}--`, pick(random, ['\r\n', '', '\r\nepilogue', ' \r\n']));
  return { contentType: contentTypeOf(boundary, random), bytes: Buffer.concat(parts), files };
}

function randomBoundary(random: Random): string {
  const length = pick(random, [1, 8, 16, 40, 70, 120]);
  const characters = chance(random, 0.5) ? '0123456789abcdef-' : BOUNDARY_CHARACTERS;
  return Array.from({ length }, () => pick(random, [...characters])).join('');
}

/** Begins as the delimiter does, and is none. */
const almost = (boundary: string) => Buffer.from(`\r\n--${boundary.slice(0, -1)}\r\n-\r\n--\r\n`);

function contentTypeOf(boundary: string, random: Random): string {
  const isToken = /^[\w.+-]+$/.test(boundary);
  const value = isToken && chance(random, 0.5) ? boundary : `"${boundary}"`;
  const name = pick(random, ['boundary', 'boundary', 'Boundary', 'BOUNDARY']);
  const before = pick(random, ['', '', '; charset=utf-8', '; x="a;b=c"']);
  return `${pick(random, ['multipart/form-data', 'Multipart/Form-Data'])}${before};${pick(random, [' ', '', '  '])}${name}=${value}`;
}

const field = (random: Random) =>
  pick(random, [
    'Content-Disposition: form-data; name="comment"',
    'content-disposition: form-data; name=comment\r\ncontent-type: text/plain; charset=utf-8',
    'Content-Type: text/plain\r\nContent-Disposition: form-data; name="a \\"file\\" b"',
  ]);

function fileHeaders(random: Random, isBase64: boolean): string {
  const name = pick(random, ['"file"', '"files"', 'file', 'files']);
  const fileName = pick(random, [
    'filename="a.png"',
    'filename=a.png',
    'filename="my name=x.png"',
    'filename="a\\"b; name=y.png"',
    'filename="ü.png"',
    "filename*=UTF-8''%e2%82%ac.png",
    'filename="C:\\\\dir\\\\a.png"',
    'FileName="a.png"',
  ]);
  const equals = (parameter: string) => (chance(random, 0.1) ? parameter.replace('=', ' = ') : parameter);
  const separator = pick(random, ['; ', ';', ' ; ', ';\r\n ', ';\t']);
  const parameters = [equals(`name=${name}`), equals(fileName)];
  if (chance(random, 0.3)) parameters.reverse();
  const lines = [
    `${pick(random, ['Content-Disposition', 'content-disposition', 'CONTENT-DISPOSITION'])}:${pick(random, [' ', '', '  '])}${['form-data', ...parameters].join(separator)}`,
    ...(chance(random, 0.7) ? ['Content-Type: image/png'] : []),
    ...(isBase64 ? ['Content-Transfer-Encoding: base64'] : []),
    ...(chance(random, 0.1) ? [`X-Other: ${randomBytes(random, 8).toString('hex')}`] : []),
  ];
  if (chance(random, 0.3)) lines.reverse();
  return lines.map((line) => `${line}\r\n`).join('');
}

const inLines = (bytes: Buffer): string => bytes.toString('base64').replaceAll(/.{60}/g, '$&\r\n');
