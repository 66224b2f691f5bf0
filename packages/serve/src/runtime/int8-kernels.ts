import { readFileSync } from 'node:fs';

/**
 * Whether ONNX Runtime's uint8 x int8 kernels saturate on this processor: x86 without VNNI adds pairs of products
 * in 16 bits. An x86 processor that cannot be asked counts as one of these: then int8 is slow, but never wrong.
 *
 * @param cpuinfo text of `/proc/cpuinfo`, or null where there is none (macOS)
 */
export function int8KernelsSaturate(
  arch: string = process.arch,
  cpuinfo: string | null = readCpuinfo(),
): boolean {
  return arch === 'x64' && !/^flags\s*:.*\b(avx512_vnni|avx_vnni)\b/m.test(cpuinfo ?? '');
}

function readCpuinfo(): string | null {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return null;
  }
}
