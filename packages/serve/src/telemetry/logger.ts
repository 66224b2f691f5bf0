import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { ServeOptions } from '../config/serve-options.js';

/**
 * JSON lines on standard error (standard output carries `listening ...` alone). A line about a request
 * bears its `request_id`; no line bears image content.
 */
export function createLogger(level: ServeOptions['logLevel'], stream?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { name: 'servelab' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous: lines are few by default, and the last words of a dying server must not be lost.
    stream ?? standardError(),
  );
}

function standardError(): DestinationStream {
  const stream = destination({ dest: 2, sync: true });
  // A full disk, or a reader that has left: lines are lost, and the server goes on.
  stream.on('error', () => {});
  return stream;
}
