// The worker of shared-memory.mjs: one slot at a time.
import { Socket } from 'node:net';
import { mapSharedMemory } from '@servelab/serve/internal/mapped-memory';
import { openModel } from './lean-model.mjs';

const [byteLength, slotBytes] = process.argv.slice(2).map(Number);
const memory = Buffer.from(mapSharedMemory(3, byteLength).buffer);
const infer = await openModel(process.env.GRAPH);
const pipe = new Socket({ fd: 4 });

function tell(slot, top) {
  const answer = Buffer.alloc(4 + top.length * 8);
  answer.writeUInt32LE(slot, 0);
  top.forEach(([id, probability], n) => {
    answer.writeUInt32LE(id, 4 + n * 8);
    answer.writeFloatLE(probability, 8 + n * 8);
  });
  pipe.write(answer);
}

pipe.on('data', async (data) => {
  const slot = data.readUInt32LE(0);
  const start = slot * slotBytes;
  const from = start + memory.readUInt32LE(start);
  tell(slot, await infer(memory.subarray(from, from + memory.readUInt32LE(start + 4))));
});
pipe.on('end', () => process.exit(0));
tell(0xffffffff, Array(5).fill([0, 0]));
