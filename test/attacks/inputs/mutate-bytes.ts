import type { Random } from '@servelab/core';
import { chance, pick, randomBytes, randomInteger } from './random-input.js';

const EDGES = [
  0, 1, 2, 7, 8, 9, 0x20, 0x7f, 0x80, 0xfe, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
];
const MOST_CHANGES = 8;
const LONGEST_PIECE = 64;

type Change = (bytes: Buffer, random: Random) => Buffer;

const at = (bytes: Buffer, random: Random) => Math.floor(random() * bytes.length);
const pieceOf = (bytes: Buffer, random: Random) => {
  const start = at(bytes, random);
  return { start, end: Math.min(bytes.length, start + randomInteger(random, 1, LONGEST_PIECE)) };
};

const CHANGES: readonly Change[] = [
  function anotherByte(bytes, random) {
    bytes[at(bytes, random)] = Math.floor(random() * 256);
    return bytes;
  },
  function anotherBit(bytes, random) {
    const position = at(bytes, random);
    bytes[position] = (bytes[position] ?? 0) ^ (1 << randomInteger(random, 0, 7));
    return bytes;
  },
  function aNumberAtTheEdge(bytes, random) {
    const width = pick(random, [1, 2, 4]);
    if (bytes.length < width) return bytes;
    const position = randomInteger(random, 0, bytes.length - width);
    const value = pick(random, EDGES) % 2 ** (8 * width);
    if (chance(random, 0.5)) bytes.writeUIntBE(value, position, width);
    else bytes.writeUIntLE(value, position, width);
    return bytes;
  },
  function aPieceLess(bytes, random) {
    const { start, end } = pieceOf(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  function aPieceTwice(bytes, random) {
    const { start, end } = pieceOf(bytes, random);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
  function aPieceElsewhere(bytes, random) {
    const { start, end } = pieceOf(bytes, random);
    const rest = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
    const position = at(rest, random);
    return Buffer.concat([rest.subarray(0, position), bytes.subarray(start, end), rest.subarray(position)]);
  },
  function newBytes(bytes, random) {
    const position = at(bytes, random);
    const added = randomBytes(random, randomInteger(random, 1, 16));
    return Buffer.concat([bytes.subarray(0, position), added, bytes.subarray(position)]);
  },
  function cutOff(bytes, random) {
    return chance(random, 0.3) ? bytes.subarray(0, at(bytes, random)) : bytes;
  },
];

/**
 * One to eight small changes, more often few.
 *
 * @param others files of the same kind, whose second half may take the place of this one's
 */
export function mutateBytes(original: Buffer, random: Random, others: readonly Buffer[] = []): Buffer {
  let bytes: Buffer = Buffer.from(original);
  if (others.length > 0 && chance(random, 0.05)) {
    const other = pick(random, others);
    bytes = Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]);
  }
  const changes = 1 + Math.floor(MOST_CHANGES * random() ** 2);
  for (let n = 0; n < changes && bytes.length > 0; n++) bytes = pick(random, CHANGES)(bytes, random);
  return bytes;
}
