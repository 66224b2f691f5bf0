// Milliseconds to take a form apart, by our parser and by @fastify/busboy, whose parts are put together again, in
// interleaved rounds. Both get the whole body; busboy in pieces of 64 KiB, as a socket would bring it.
//
//   node bench/multipart.mjs [--rounds 20]
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Busboy } from '@fastify/busboy';
import { multipart } from '@servelab/serve/internal/multipart';
import { pairedRounds } from './paired-rounds.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const PIECE_BYTES = 64 * 1024;

function form(files, bytes) {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  // As dense as a JPEG: what is searched for must not be rare by its first letter alone.
  const file = Buffer.from(Uint8Array.from({ length: bytes }, (_, n) => (n * 2_654_435_761) >>> 13));
  const parts = Array.from({ length: files }, () => [Buffer.from(head), file, Buffer.from('\r\n')]).flat();
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function ours(body) {
  const work = multipart(body, TYPE, 1000);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value.images.length;
  }
}

async function theirs(body) {
  const files = [];
  const busboy = new Busboy({ headers: { 'content-type': TYPE } });
  busboy.on('file', (_field, stream) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => files.push(Buffer.concat(chunks)));
  });
  const finished = once(busboy, 'finish');
  for (let at = 0; at < body.length; at += PIECE_BYTES) busboy.write(body.subarray(at, at + PIECE_BYTES));
  busboy.end();
  await finished;
  return files.length;
}

console.log(
  `${'form'.padEnd(20)}${'busboy ms'.padStart(11)}${'ours ms'.padStart(10)}  share of busboy's time`,
);
for (const [files, bytes, times] of [
  [1, 20_000, 400],
  [1, 200_000, 100],
  [8, 20_000, 100],
  [1, 4_000_000, 8],
  [32, 500_000, 2],
]) {
  const body = form(files, bytes);
  const timed = (parse) => async () => {
    const startMs = performance.now();
    for (let n = 0; n < times; n++) {
      if ((await parse(body)) !== files) throw new Error('a file is missing');
    }
    return (performance.now() - startMs) / times;
  };
  for (const parse of [theirs, ours]) await timed(parse)();
  const { one, other, ratio, low, high } = await pairedRounds(
    Number(values.rounds),
    timed(theirs),
    timed(ours),
  );
  console.log(
    `${`${files} x ${bytes / 1000} kB`.padEnd(20)}${one.toFixed(3).padStart(11)}${other.toFixed(3).padStart(10)}  ${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
  );
}
