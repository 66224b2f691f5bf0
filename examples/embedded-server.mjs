// A model server inside a program of one's own: node examples/embedded-server.mjs
import { createServer } from '@servelab/serve';

const server = await createServer({ port: 0, workers: 1, policy: 'optimal', logLevel: 'warn' });
console.log(`listening ${server.url}`);

process.once('SIGTERM', async () => {
  await server.drain(); // answers what is under way, then ends its workers
  console.log('drained');
});
