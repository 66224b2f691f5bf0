import { fileURLToPath } from 'node:url';

/** The command line that runs our own server, for the lab to start like any other stack. */
export function serveCommand(): string[] {
  return [process.execPath, fileURLToPath(new URL('./main.js', import.meta.url)), 'serve'];
}
