// The smallest server that can stand in a comparison: takes an image at POST /predict, answers 200 with JSON,
// and says at GET /health that it is ready. It looks at no pixel, so servelab.yaml must say `expect: none`.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/health') return response.end('{"status": "ok"}');
    if (request.url !== '/predict') return response.writeHead(404).end('{}');
    response.end('{"label": "an image"}');
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
