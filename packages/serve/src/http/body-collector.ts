/** Above this a body is written into one buffer as it comes; below, its one or two chunks are joined. */
const LARGE_BYTES = 64 * 1024;

/** Puts the chunks of a body together. */
export interface BodyCollector {
  add(chunk: Buffer): void;
  whole(): Buffer;
}

/**
 * @param declaredBytes the content length; 0 where the client did not tell. Node lets no body be longer.
 */
export function bodyCollector(declaredBytes: number): BodyCollector {
  return declaredBytes > LARGE_BYTES ? filling(declaredBytes) : joining();
}

/** Holds a large body once: chunks that are kept until the end would hold it twice. */
function filling(declaredBytes: number): BodyCollector {
  const body = Buffer.allocUnsafeSlow(declaredBytes);
  let filled = 0;
  return {
    add: (chunk) => {
      filled += chunk.copy(body, filled);
    },
    whole: () => body.subarray(0, filled),
  };
}

function joining(): BodyCollector {
  const chunks: Buffer[] = [];
  return {
    add: (chunk) => void chunks.push(chunk),
    whole: () => {
      const [first] = chunks;
      return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    },
  };
}
