import { expect, it } from 'vitest';
import { int8KernelsSaturate } from './int8-kernels.js';

it.each([
  ['x86 with AVX-512 VNNI', 'x64', 'flags\t\t: fpu avx2 avx512_vnni amx_int8\n', false],
  ['x86 with AVX VNNI', 'x64', 'processor: 0\nflags : avx2 avx_vnni\n', false],
  ['x86 without', 'x64', 'flags : fpu avx2 avx512f\n', true],
  ['x86 that cannot be asked', 'x64', null, true],
  ['Arm', 'arm64', 'Features : asimddp i8mm\n', false],
  ['Arm that cannot be asked', 'arm64', null, false],
])('%s', (_name, arch, cpuinfo, saturates) => {
  expect(int8KernelsSaturate(arch, cpuinfo)).toBe(saturates);
});
