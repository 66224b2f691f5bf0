// A queue with one server and known service times: the n-th request takes the n-th of the times given
// (milliseconds, comma-separated). Time is kept by the queue's own reckoning, not by what the process does:
// a request ends at max(its arrival, the end of the one before) + its service time, and the answer is sent
// then, so that no overhead of the process adds to a service.
import { createServer } from 'node:http';

const timesMs = process.argv[2].split(',').map(Number);
const SPIN_MS = 2;
let arrived = 0;
let endMs = 0;

function at(momentMs, send) {
  const leftMs = momentMs - performance.now();
  if (leftMs <= 0) send();
  else if (leftMs > SPIN_MS + 1) setTimeout(at, leftMs - SPIN_MS, momentMs, send);
  else setImmediate(at, momentMs, send);
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => {
    endMs = Math.max(endMs, performance.now()) + timesMs[arrived++ % timesMs.length];
    at(endMs, () => response.end('{}'));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
