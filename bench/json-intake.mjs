// How long a hostile body keeps the event loop from everybody else: the longest of the turns in which the intake takes
// it apart, their number, and their sum, in milliseconds of processor time, beside JSON.parse, which is one turn. Then a
// usual body, in interleaved rounds with JSON.parse and Buffer.from.
//
//   node bench/json-intake.mjs [--mib 16] [--rounds 3]
import { parseArgs } from 'node:util';
import { chooseIntake } from '@servelab/serve/internal/choose-intake';
import { pairedRounds } from './paired-rounds.mjs';

const { values } = parseArgs({
  options: { mib: { type: 'string', default: '16' }, rounds: { type: 'string', default: '3' } },
});
const BYTES = Number(values.mib) * 1024 * 1024;
const JSON_TYPE = 'application/json';
const form = (boundary) => `multipart/form-data; boundary=${boundary}`;
/** Of the whole process, so that other processes are not counted. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const FILE = 'Content-Disposition: form-data; name="file"; filename="a"';

const repeated = (text, bytes = BYTES) => text.repeat(Math.floor(bytes / text.length));
const one = (text) => `{"image_base64":"${text}"}`;
const parts = (headers) => `${`--X\r\n${headers}\r\n\r\n\r\n`.repeat(999)}--X--`;

const BODIES = [
  ['[[[[', JSON_TYPE, repeated('[')],
  ['{"a":{"a":', JSON_TYPE, repeated('{"a":')],
  ['empty strings in the list', JSON_TYPE, `{"images_base64":[${repeated('"",')}""]}`],
  ['numbers', JSON_TYPE, `{"a":[${repeated('1,')}1]}`],
  ['names', JSON_TYPE, `{${repeated('"a":1,')}"a":1}`],
  ['the same name', JSON_TYPE, `{${repeated('"image_base64":"",')}"a":1}`],
  ['one image', JSON_TYPE, one(repeated('AAAA'))],
  ['blanks everywhere in it', JSON_TYPE, one(repeated('A '))],
  ['escaped line ends', JSON_TYPE, one(repeated('A\\n'))],
  ['escaped characters', JSON_TYPE, one(repeated('\\u0041'))],
  ['blanks', JSON_TYPE, repeated(' ')],
  ['a form, 999 parts', form('X'), parts(`a: ${repeated(';', 8000)}`)],
  ['a form, parameters', form('X'), parts(FILE + repeated(';a=b', 8000))],
  ['a form, long boundary', form('a'.repeat(256)), repeated('\r', 5000) + repeated('a')],
  [
    'a form, base64',
    form('X'),
    `--X\r\n${FILE}\r\nContent-Transfer-Encoding: base64\r\n\r\n${repeated('A\r\n')}\r\n--X--`,
  ],
];

/** Milliseconds of each turn. */
function turnsMs(contentType, body) {
  const work = chooseIntake(contentType)(body, contentType, 32);
  const turns = [];
  for (;;) {
    const startMs = processorMs();
    let done = true;
    try {
      done = work.next().done === true;
    } catch {
      // Refused: that is how most of these end.
    }
    turns.push(processorMs() - startMs);
    if (done) return turns;
  }
}

function parseMs(text) {
  const startMs = processorMs();
  try {
    JSON.parse(text);
  } catch {
    // As well.
  }
  return processorMs() - startMs;
}

console.log(
  `${'body'.padEnd(28)}${'longest'.padStart(9)}${'turns'.padStart(7)}${'sum'.padStart(8)}${'JSON.parse'.padStart(12)}`,
);
for (const [name, contentType, text] of BODIES) {
  const rounds = Array.from({ length: Number(values.rounds) }, () => {
    const turns = turnsMs(contentType, Buffer.from(text, 'latin1'));
    const parse = contentType === JSON_TYPE ? parseMs(text) : Number.NaN;
    return {
      longest: Math.max(...turns),
      turns: turns.length,
      sum: turns.reduce((sum, ms) => sum + ms, 0),
      parse,
    };
  });
  // The least of the rounds: the machine's own pauses are not the body's.
  const least = (key) => Math.min(...rounds.map((round) => round[key]));
  const ms = (key) => (Number.isNaN(least(key)) ? '' : least(key).toFixed(2));
  console.log(
    `${name.padEnd(28)}${ms('longest').padStart(9)}${String(least('turns')).padStart(7)}${ms('sum').padStart(8)}${ms('parse').padStart(12)}`,
  );
}

const TIMES = 500;
for (const bytes of [24_000, 240_000]) {
  const text = Buffer.from(one(Buffer.alloc(bytes, 'a photograph').toString('base64')));
  const timed = (read) => async () => {
    // A copy for each: the intake decodes in place.
    const bodies = Array.from({ length: TIMES }, () => Buffer.from(text));
    const startMs = performance.now();
    for (const body of bodies) read(body);
    return (performance.now() - startMs) / TIMES;
  };
  const parsed = timed((body) => Buffer.from(JSON.parse(body.toString()).image_base64, 'base64'));
  const scanned = timed((body) => turnsMs(JSON_TYPE, body));
  for (const way of [parsed, scanned]) await way();
  const { one: a, other: b, ratio, low, high } = await pairedRounds(20, parsed, scanned);
  console.log(
    `an image of ${bytes / 1000} kB: JSON.parse ${a.toFixed(3)} ms, ours ${b.toFixed(3)} ms, ${ratio.toFixed(2)} of it [${low.toFixed(2)}, ${high.toFixed(2)}]`,
  );
}
