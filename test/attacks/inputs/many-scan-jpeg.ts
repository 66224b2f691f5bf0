const COMPONENTS = 3;
const LONGEST_RUN = 2 ** 15 - 1;
const HIGHEST_BIT = 13;
const LAST_COEFFICIENT = 63;

/** Bits to bytes; 0xff is followed by a zero, as it would begin a marker. */
class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#held = (this.#held << 1) | ((value >> bit) & 1);
      if (++this.#count === 8) this.#flush();
    }
  }

  finish(): Buffer {
    while (this.#count > 0) this.write(1, 1);
    return Buffer.from(this.#bytes);
  }

  #flush(): void {
    this.#bytes.push(this.#held);
    if (this.#held === 0xff) this.#bytes.push(0);
    this.#held = 0;
    this.#count = 0;
  }
}

/**
 * A legal progressive JPEG in grey that costs a decoder a pass over all blocks for each of its scans, while a scan of
 * nothing but zeros takes some bytes: each coefficient of each component has a scan for each of its bits, 2,646 of
 * them, after the first, which every block needs.
 *
 * @param scans at most so many
 */
export function manyScanJpeg(width: number, height: number, scans: number): Buffer {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const zeros = zerosOf(blocks);
  const parts = [
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(0xc2, [
      ...[8, height >> 8, height & 0xff, width >> 8, width & 0xff, COMPONENTS],
      ...[1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0],
    ]),
    // DC: one code, of one bit, for "no difference".
    segment(0xc4, [0x00, 1, ...Array<number>(15).fill(0), 0]),
    // AC: fifteen codes of four bits, for runs of so many bits of blocks without anything.
    segment(0xc4, [0x10, 0, 0, 0, 15, ...Array<number>(12).fill(0), ...runs()]),
    segment(0xda, [COMPONENTS, 1, 0x00, 2, 0x00, 3, 0x00, 0, 0, 0]),
    Buffer.alloc(Math.ceil((blocks * COMPONENTS) / 8)),
  ];
  const scan = (component: number, coefficient: number, before: number, bit: number) =>
    parts.push(segment(0xda, [1, component, 0x00, coefficient, coefficient, (before << 4) | bit]), zeros);
  let left = scans - 1;
  for (let bit = HIGHEST_BIT; bit >= 0; bit--) {
    for (let coefficient = 1; coefficient <= LAST_COEFFICIENT; coefficient++) {
      for (let component = 1; component <= COMPONENTS && left > 0; component++, left--) {
        scan(component, coefficient, bit === HIGHEST_BIT ? 0 : bit + 1, bit);
      }
    }
  }
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])]);
}

/** 0x00, 0x10, ... 0xe0: a run of 2^n blocks and more, by n further bits. */
const runs = (): number[] => Array.from({ length: 15 }, (_, bits) => bits << 4);

function zerosOf(blocks: number): Buffer {
  const writer = new BitWriter();
  for (let left = blocks; left > 0; ) {
    const run = Math.min(left, LONGEST_RUN);
    const bits = Math.floor(Math.log2(run));
    writer.write(bits, 4);
    writer.write(run - 2 ** bits, bits);
    left -= run;
  }
  return writer.finish();
}

function segment(marker: number, bytes: readonly number[]): Buffer {
  const length = bytes.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...bytes]);
}
