// Answers every request with the same JSON after a delay: node delayed-server.mjs DELAY_MS
import { createServer } from 'node:http';

const delayMs = Number(process.argv[2]);
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => setTimeout(() => response.end('{}'), delayMs));
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
