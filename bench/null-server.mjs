// Answers every POST with the same JSON as fast as Node can: it counts the bytes of the bodies and looks at
// nothing. Prints `listening PORT`. Run it on a core of its own.
import { createServer } from 'node:net';

const BODY = JSON.stringify({ predictions: [{ class_id: 88, class_name: 'macaw', confidence: 0.9 }] });
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
);
const HEAD_END = '\r\n\r\n';

/** Follows the requests of one connection by their content-length; heads may come in pieces. */
class BodyCounter {
  left = 0;
  head = '';

  /** @returns how many requests end in this chunk */
  push(chunk) {
    let at = 0;
    let ended = 0;
    while (at < chunk.length) {
      if (this.left === 0) {
        const end = chunk.indexOf(HEAD_END, at);
        this.head += chunk.toString('latin1', at, end === -1 ? chunk.length : end + 2);
        if (end === -1) return ended;
        this.left = Number(/\r\ncontent-length: *(\d+)\r\n/i.exec(this.head)?.[1] ?? 0);
        this.head = '';
        at = end + HEAD_END.length;
      }
      const taken = Math.min(this.left, chunk.length - at);
      this.left -= taken;
      at += taken;
      if (this.left === 0) ended++;
    }
    return ended;
  }
}

const server = createServer({ noDelay: true, highWaterMark: 256 * 1024 }, (socket) => {
  const counter = new BodyCounter();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    for (let ended = counter.push(chunk); ended > 0; ended--) socket.write(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
