// The worker's side of the transport, without a model: pixels end up in one buffer either way.
import { createDecoder } from '@servelab/serve/internal/decoder';

const SIZE = 224;
const target = new Uint8Array(SIZE * SIZE * 3);
const decoder = createDecoder({ maxPixels: 50e6, maxSide: 16_384, exactDecode: false });
const top = Array.from({ length: 5 }, (_, classId) => ({ classId, confidence: 0.1 }));

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ file, pixels }) => {
  if (file === undefined) target.set(pixels);
  else await decoder.decode(file, SIZE, target);
  process.send({ top, cpuUs: cpuUs() });
});

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
