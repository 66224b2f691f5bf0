import { findEnvironment, findPythonTools, PEER_TITLES, PEERS } from '@servelab/lab';
import type { Finding } from './findings.js';

/** What the Python peers need and whether they are installed; the rest of servelab does without. */
export async function peerFindings(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { python, uv } = await findPythonTools(environment, signal);
  const found = await Promise.all(
    PEERS.map(async ({ name }) => ({ name, installed: (await findEnvironment(name, environment)) !== null })),
  );
  const installed = found.filter((peer) => peer.installed).map(({ name }) => name);
  const absent = found.filter((peer) => !peer.installed).map(({ name }) => name);
  return [
    {
      name: 'python 3.11',
      weight: 'optional',
      ok: python !== null,
      found: python === null ? 'not found' : `${python.version}, ${python.path}`,
      fix: `runs the Python peers; install Python 3.11${uv === null ? ' or uv' : ', or let uv fetch it'}.`,
    },
    {
      name: 'uv',
      weight: 'optional',
      ok: uv !== null,
      found: uv === null ? 'not found' : uv.version,
      fix: 'installs the Python peers faster than pip; see https://docs.astral.sh/uv.',
    },
    {
      name: 'peers',
      weight: 'optional',
      ok: absent.length === 0,
      found:
        installed.length === 0
          ? 'none installed'
          : `installed: ${installed.join(', ')}${absent.length === 0 ? '' : `; not: ${absent.join(', ')}`}`,
      fix: `${PEER_TITLES} to compare with; run "make peers".`,
    },
  ];
}
