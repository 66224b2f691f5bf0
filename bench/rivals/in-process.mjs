// The least that a server on Node can do: one process, inference between two turns of the event loop.
//   GRAPH=int8.onnx node bench/rivals/in-process.mjs
import http from 'node:http';
import { answer, fileIn, openModel } from './lean-model.mjs';

const infer = await openModel(process.env.GRAPH);
const queue = [];
let busy = false;

async function serve() {
  if (busy) return;
  busy = true;
  for (let next = queue.shift(); next; next = queue.shift()) answer(next.response, await infer(next.file));
  busy = false;
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    queue.push({ file: fileIn(body, request.headers['content-type']), response });
    void serve();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port} `));
