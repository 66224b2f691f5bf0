import { isIP } from 'node:net';

/** Names count as loopback only when they are `localhost`: what others resolve to may change. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1';
}

/**
 * Whether a `Host` header names the server as somebody on this machine would: by a loopback name or address, or
 * by the host that it was bound to. A page whose own name was made to resolve to 127.0.0.1 (DNS rebinding) is
 * of the same origin for the browser and may read everything, but its name stands in this header.
 */
export function isOwnName(header: string | undefined, boundHost: string): boolean {
  // Only browsers can be misled so, and they always send it.
  if (header === undefined) return true;
  if (!URL.canParse(`http://${header}`)) return false;
  const name = new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isLoopback(name) || name === boundHost.toLowerCase();
}
