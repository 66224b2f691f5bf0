// A worker process with nothing around it: bodies in shared memory, four bytes to the worker, classes back.
//   GRAPH=int8.onnx node bench/rivals/shared-memory.mjs
import { spawn } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { createSharedMemory } from '@servelab/serve/internal/mapped-memory';
import { answer, fileIn } from './lean-model.mjs';

const SLOT_BYTES = 1 << 18;
const SLOTS = 256;
const TOP = 5;
const HEAD_BYTES = 8;
const ANSWER_BYTES = 4 + TOP * 8;

const { descriptor, bytes } = createSharedMemory(SLOT_BYTES * SLOTS);
const memory = Buffer.from(bytes.buffer);
const worker = spawn(
  process.execPath,
  [fileURLToPath(new URL('./shared-memory-worker.mjs', import.meta.url)), `${bytes.length}`, `${SLOT_BYTES}`],
  { stdio: ['ignore', 'inherit', 'inherit', descriptor, 'pipe'] },
);
const pipe = worker.stdio[4];
const free = Array.from({ length: SLOTS }, (_, slot) => slot);
const waiting = [];
const responses = new Array(SLOTS);
let busy = true;

function serve() {
  if (busy || waiting.length === 0) return;
  busy = true;
  const message = Buffer.allocUnsafe(4);
  message.writeUInt32LE(waiting.shift(), 0);
  pipe.write(message);
}

pipe.on('data', (data) => {
  for (let at = 0; at + ANSWER_BYTES <= data.length; at += ANSWER_BYTES) {
    busy = false;
    const slot = data.readUInt32LE(at);
    serve();
    if (slot === 0xffffffff) continue;
    const top = Array.from({ length: TOP }, (_, n) => [
      data.readUInt32LE(at + 4 + n * 8),
      data.readFloatLE(at + 8 + n * 8),
    ]);
    answer(responses[slot], top);
    free.push(slot);
  }
});

const server = http.createServer((request, response) => {
  const slot = free.pop();
  const start = slot * SLOT_BYTES + HEAD_BYTES;
  let end = start;
  request.on('data', (chunk) => {
    end += chunk.copy(memory, end);
  });
  request.on('end', () => {
    const file = fileIn(memory.subarray(start, end), request.headers['content-type']);
    memory.writeUInt32LE(file.byteOffset - slot * SLOT_BYTES, slot * SLOT_BYTES);
    memory.writeUInt32LE(file.length, slot * SLOT_BYTES + 4);
    responses[slot] = response;
    waiting.push(slot);
    serve();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port} `));
process.on('SIGTERM', () => {
  worker.kill();
  process.exit(0);
});
