// What both rivals share: decode a 224x224 JPEG, run the graph, answer. No limits, no checks, no features.
import { createRequire } from 'node:module';
import { sessionOptions } from '@servelab/serve/internal/session-options';

/** The same libraries as the server's. */
const ofServer = createRequire(import.meta.resolve('@servelab/serve'));
const { InferenceSession, Tensor } = ofServer('onnxruntime-node');
const turbo = ofServer('@julusian/jpeg-turbo');
const SIZE = 224;
const TOP = 5;

/**
 * @param {string | undefined} graphPath input `pixels`, output `probabilities`; without one nothing is inferred
 * @returns {Promise<(file: Buffer) => Promise<[number, number][]>>} classes with their probabilities, falling
 */
export async function openModel(graphPath) {
  const pixels = Buffer.alloc(SIZE * SIZE * 3);
  const view = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length);
  const session = graphPath && (await InferenceSession.create(graphPath, sessionOptions(1)));
  const nothing = Array.from({ length: TOP }, (_, n) => [n, 0.1]);
  return async (file) => {
    turbo.decompressSync(file, pixels, { format: turbo.FORMAT_RGB });
    if (!session) return nothing;
    const { probabilities } = await session.run({ pixels: new Tensor('uint8', view, [1, SIZE, SIZE, 3]) });
    return topClasses(probabilities.data);
  };
}

function topClasses(probabilities) {
  const top = [];
  for (let id = 0; id < probabilities.length; id++) {
    if (top.length === TOP && probabilities[id] <= top[TOP - 1][1]) continue;
    let at = Math.min(top.length, TOP - 1);
    for (; at > 0 && top[at - 1][1] < probabilities[id]; at--) top[at] = top[at - 1];
    top[at] = [id, probabilities[id]];
  }
  return top;
}

/** The one file of a form, or the whole body. */
export function fileIn(body, contentType) {
  if (!contentType?.startsWith('multipart')) return body;
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.lastIndexOf(`\r\n--${contentType.split('boundary=')[1].replaceAll('"', '')}`);
  return body.subarray(start, end);
}

export function answer(response, top) {
  const predictions = top.map(([id, confidence]) => ({
    class_id: id,
    class_name: `class ${id}`,
    confidence,
  }));
  const [best] = predictions;
  const body = JSON.stringify({
    predictions,
    top_prediction: best.class_name,
    confidence: best.confidence,
  });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
