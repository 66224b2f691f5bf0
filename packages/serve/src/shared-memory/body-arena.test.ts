import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Block, BodyArena, UNIT_BYTES } from './body-arena.js';

const MIB = 1024 * 1024;
let arena: BodyArena | null = null;
afterEach(() => {
  arena?.close();
  arena = null;
});

function open(): BodyArena {
  arena = BodyArena.create(MIB);
  if (arena === null) throw new Error('this Linux has no memory that can be sealed');
  return arena;
}

const taken = (bytes: number): Block => {
  const block = arena?.take(bytes) ?? null;
  if (block === null) throw new Error('no room');
  return block;
};

/** A module of this package as the build left it, for a process that knows no TypeScript; quoted. */
const MAPPED = JSON.stringify(
  new URL('../shared-memory/mapped-memory.js', import.meta.resolve('@servelab/serve/worker')),
);

/** Runs lines of JavaScript in a child that has inherited the memory as descriptor 3. */
async function inChild(lines: string): Promise<{ code: number | null; signal: string | null; told: string }> {
  const script = `import { mapSharedMemory } from ${MAPPED}; import { writeSync, ftruncateSync, openSync } from 'node:fs'; ${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore', arena?.descriptor ?? 'ignore'],
  });
  const [[code, signal], told] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout as NodeJS.ReadableStream),
  ]);
  return { code, signal, told };
}

describe.runIf(process.platform === 'linux')('memory for bodies', () => {
  it('is read by a child that inherits it', async () => {
    open();
    const first = taken(10);
    const second = taken(2 * UNIT_BYTES);
    second.bytes.write('a photograph');
    const offset = arena?.offsetOf(second.bytes);
    expect([arena?.offsetOf(first.bytes), offset]).toEqual([0, UNIT_BYTES]);
    const { told } = await inChild(
      `console.log(Buffer.from(mapSharedMemory(3, ${MIB})).toString('latin1', ${offset}, ${offset} + 12))`,
    );
    expect(told).toBe('a photograph\n');
  });

  it.each([
    ['by its descriptor', "writeSync(3, 'x', 0)"],
    ['by cutting it short', 'ftruncateSync(3, 0)'],
    ['by another descriptor of it', "writeSync(openSync('/proc/self/fd/3', 'r+'), 'x', 0)"],
  ])('cannot be written to by a child, %s', async (_how, attempt) => {
    open();
    const block = taken(10);
    block.bytes.fill(0x61);
    const { told } = await inChild(`try { ${attempt} } catch ({ code }) { console.log(code) }`);
    expect(told).toBe('EPERM\n');
    expect(block.bytes[0]).toBe(0x61);
  });

  it('nor through its mapping, which ends the child and nobody else', async () => {
    open();
    taken(10).bytes.fill(0x61);
    const { signal } = await inChild(`mapSharedMemory(3, ${MIB})[0] = 7`);
    expect(signal).toBe('SIGSEGV');
  });

  it('has no name that another process could open', () => {
    open();
    const links = readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return [];
      }
    });
    expect(links.filter((link) => link.includes('servelab'))).toEqual(['/memfd:servelab (deleted)']);
  });

  it('gives a block to somebody else once all have let go of it', () => {
    open();
    const block = taken(MIB);
    block.retain();
    block.release();
    expect(arena?.take(1)).toBeNull();
    block.release();
    expect(arena?.take(MIB)).not.toBeNull();
  });

  it('knows what is its own', () => {
    open();
    expect(arena?.offsetOf(taken(100).bytes.subarray(7, 9))).toBe(7);
    expect(arena?.offsetOf(Buffer.alloc(10))).toBe(-1);
  });
});
