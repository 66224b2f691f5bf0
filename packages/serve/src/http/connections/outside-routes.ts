import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '@servelab/core';
import type { Connection } from './connection.js';
import type { EndConnection } from './last-words.js';
import type { OpenConnections } from './open-connections.js';

/** Where Node itself would answer, with a bare status line or by hanging up, we do: as the table of errors says. */
export function answerOutsideRoutes(server: Server, connections: OpenConnections, end: EndConnection): void {
  // Bytes that are no HTTP, headers that are too large or too slow, and every failure of the socket.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const connection = connections.of(socket as Socket);
    // Reset, or it cannot be written to: nobody is there to be told.
    if (connection === undefined || error.code === 'ECONNRESET' || !socket.writable) {
      if (connection?.isEnding !== true) socket.destroy();
      return;
    }
    end(connection, parserCode(error.code, connection));
  });
  server.on('connect', (request, socket) => {
    // Node has let go of the socket: its errors would end the process.
    socket.on('error', () => socket.destroy());
    const connection = connections.of(socket as Socket);
    if (connection === undefined) socket.destroy();
    else end(connection, 'method_not_allowed', request, { allow: 'GET, HEAD, POST' });
  });
  // The hooks look at the header; all the rest is as with any other request.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function parserCode(code: string | undefined, connection: Connection): ErrorCode {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return connection.isInBody ? 'body_timeout' : 'headers_timeout';
    default:
      return 'bad_request';
  }
}
