import { closeSync, ftruncateSync } from 'node:fs';
import koffi from 'koffi';

/** Numbers are those of Linux' sys/mman.h and fcntl.h. */
const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const F_ADD_SEALS = 1033;
const MAP_FAILED = 2n ** 64n - 1n;
/** Of glibc, and of musl. */
const LIBC_NAMES = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];
const F_SEAL_SEAL = 0x01;
const F_SEAL_SHRINK = 0x02;
const F_SEAL_GROW = 0x04;
const F_SEAL_FUTURE_WRITE = 0x10;
/** No other size, no more seals, and nobody writes but through the mapping that exists when they are set. */
const SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE;

/** Gives memory back once nothing can look at it any more. */
const unused = new FinalizationRegistry((unmap: () => void) => unmap());

/** Memory that processes share. */
export interface SharedMemory {
  /** To be inherited by the processes that may read it. */
  readonly descriptor: number;
  readonly bytes: Uint8Array;
}

/**
 * Memory of this process that a child can map for reading, by an inherited descriptor. It has no name, so no other
 * process can open it and nothing is left when the processes end, however they end; it takes room page by page as it is
 * first written to. Whoever has the descriptor can neither write to it nor cut it short.
 *
 * @returns undefined where the system has no such memory: not Linux, or Linux older than 5.1
 */
export function createSharedMemory(byteLength: number): SharedMemory | undefined {
  const system = openSystem();
  if (system === undefined) return undefined;
  const descriptor = system.memfdCreate('servelab', MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return undefined;
  try {
    ftruncateSync(descriptor, byteLength);
    const bytes = system.map(descriptor, byteLength, PROT_READ | PROT_WRITE);
    if (bytes !== undefined && system.fcntl(descriptor, F_ADD_SEALS, 'int', SEALS) === 0) {
      return { descriptor, bytes };
    }
  } catch {}
  closeSync(descriptor);
  return undefined;
}

/**
 * The same memory in a child. Writing to it ends the process.
 *
 * @param descriptor that was inherited; it is closed
 * @throws where it cannot be mapped
 */
export function mapSharedMemory(descriptor: number, byteLength: number): Uint8Array {
  const bytes = openSystem()?.map(descriptor, byteLength, PROT_READ);
  closeSync(descriptor);
  if (bytes === undefined) throw new Error('the memory shared with the server cannot be mapped');
  return bytes;
}

/** @returns undefined where the system does not have all that is needed */
function openSystem() {
  if (process.platform !== 'linux') return undefined;
  for (const name of LIBC_NAMES) {
    try {
      return callsOf(koffi.load(name));
    } catch {}
  }
  return undefined;
}

/** @throws where the library lacks one of the functions */
function callsOf(libc: ReturnType<typeof koffi.load>) {
  const mmap = libc.func(
    'void *mmap(void *address, size_t length, int protection, int flags, int fd, long offset)',
  );
  const munmap = libc.func('int munmap(void *address, size_t length)');
  return {
    memfdCreate: libc.func('int memfd_create(const char *name, unsigned int flags)'),
    fcntl: libc.func('int fcntl(int fd, int command, ...)'),
    map(descriptor: number, byteLength: number, protection: number): Uint8Array | undefined {
      const address: unknown = mmap(null, byteLength, protection, MAP_SHARED, descriptor, 0);
      if (address === MAP_FAILED) return undefined;
      const buffer = koffi.view(address, byteLength);
      unused.register(buffer, () => munmap(address, byteLength));
      return new Uint8Array(buffer);
    },
  };
}
