import { type AddressInfo, createServer } from 'node:net';

// Entry of the null server: answers every POST with the same prediction as fast as Node can. It counts the bytes of
// the bodies and looks at nothing, so what a request takes is the driver's time and the kernel's.

const BODY = JSON.stringify({
  predictions: [88, 89, 90, 91, 92].map((class_id, rank) => ({
    class_id,
    class_name: `class ${class_id}`,
    confidence: 0.9 / 4 ** rank,
  })),
  top_prediction: 'class 88',
  confidence: 0.9,
});
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
);
/** The driver's heads are shorter; of a body nothing is looked at. */
const PIECE_BYTES = 1024;
const HEAD_END = '\r\n\r\n';

/** Follows the requests of one connection by their content-length; heads may come in pieces. */
class BodyCounter {
  private left = 0;
  private head = '';

  /** @returns how many requests end in this chunk */
  push(chunk: Buffer): number {
    let at = 0;
    let ended = 0;
    while (at < chunk.length) {
      if (this.left === 0) {
        // The blank line may straddle two chunks, so it is looked for in all that has come of the head.
        const known = this.head.length;
        this.head += chunk.toString('latin1', at, at + PIECE_BYTES);
        const end = this.head.indexOf(HEAD_END);
        if (end === -1) {
          at += PIECE_BYTES;
          continue;
        }
        at += end + HEAD_END.length - known;
        this.left = Number(/\r\ncontent-length: *(\d+)\r\n/i.exec(this.head.slice(0, end + 2))?.[1] ?? 0);
        this.head = '';
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
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () =>
  console.log(`listening ${(server.address() as AddressInfo).port}`),
);
