import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ImageTiming } from '../workers/inference-engine.js';
import { logAccess } from './access-log.js';
import { answerHeaders, whenFirst } from './answer-headers.js';
import type { OpenConnections } from './connections/open-connections.js';
import { corsHeaders, type OriginRule } from './cors.js';
import type { HttpContext } from './http-context.js';
import { requestId } from './request-id.js';

const NO_TIMINGS: readonly ImageTiming[] = [];

/** What an exchange needs of the server; the same for all. */
export interface ExchangeHost {
  readonly context: HttpContext;
  readonly connections: OpenConnections;
  readonly allowOrigin: OriginRule;
}

/** A request for predictions and its answer, straight on Node's HTTP: no framework is passed on the way. */
export class Exchange {
  readonly id: string;
  readonly startedUs: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #host: ExchangeHost;
  /** Of the images answered; what `server-timing` is made of. */
  timings = NO_TIMINGS;
  #isSent = false;
  #isOver = false;

  constructor(host: ExchangeHost, request: IncomingMessage, response: ServerResponse) {
    this.#host = host;
    this.request = request;
    this.response = response;
    this.startedUs = host.context.nowUs();
    this.id = requestId(request);
    // An answer that cannot be written has lost its client: `close` follows.
    response.on('error', () => {});
    response.once('finish', () => this.#end());
    // Of an answer that was on its way when the client left, nothing more is heard.
    response.once('close', () => {
      if (this.#isSent) this.#end();
    });
  }

  /** Sends the answer once those before it on the connection are out. */
  send(status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): void {
    const { response } = this;
    whenFirst(response, () => {
      this.#isSent = true;
      response.writeHead(status, this.#lines(headers, Buffer.byteLength(body)));
      response.end(body);
      if (response.closed) this.#end();
    });
  }

  #lines(headers: Readonly<Record<string, string>>, byteLength: number): Record<string, string> {
    const { context, connections, allowOrigin } = this.#host;
    const lines = answerHeaders(context, this.id, this.startedUs, this.timings);
    lines['content-length'] = `${byteLength}`;
    Object.assign(lines, corsHeaders(allowOrigin, this.request.headers.origin), headers);
    const isDraining = context.state.phase.kind === 'draining';
    // The last one on the connection says that it ends; see request-hooks.ts.
    if (isDraining && connections.of(this.request.socket)?.isNewest(this.response))
      lines.connection = 'close';
    return lines;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { context, connections } = this.#host;
    const { request, response } = this;
    connections.end(request.socket, response);
    const totalUs = context.nowUs() - this.startedUs;
    context.metrics.requestAnswered(response.statusCode, totalUs);
    logAccess(context, this.id, request, response, totalUs);
  }
}
