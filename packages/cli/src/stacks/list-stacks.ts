import {
  addressOf,
  findEnvironment,
  KNOWN_PORTS,
  PEER_FORMS,
  PEERS,
  type Peer,
  runningForm,
} from '@servelab/lab';
import type { Terminal } from '../command.js';

/** One form of one stack, as `stacks list` shows it. */
export interface ListedStack {
  /** As `--stacks` takes it. */
  readonly name: string;
  readonly title: string;
  readonly form: string | null;
  readonly version: string;
  readonly installed: boolean;
  readonly folder: string | null;
  readonly port: number;
  /** What answers at the port now, as far as that can be told, such as `fastapi/tuned`; null for nobody. */
  readonly answers: string | null;
}

export async function listStacks(ownVersion: string, { environment }: Terminal): Promise<ListedStack[]> {
  const peers = await Promise.all(PEERS.map((peer) => peerForms(peer, environment)));
  const own: Omit<ListedStack, 'answers'> = {
    name: 'servelab',
    title: 'servelab',
    form: null,
    version: ownVersion,
    installed: true,
    folder: null,
    port: KNOWN_PORTS.find(({ name }) => name === 'servelab')?.port ?? 0,
  };
  const rows = [own, ...peers.flat()];
  const answers = new Map(
    await Promise.all(
      KNOWN_PORTS.map(async (known): Promise<[number, string | null]> => {
        const running = await runningForm(known.name, addressOf(known));
        return [known.port, running?.name ?? null];
      }),
    ),
  );
  return rows.map((row) => ({ ...row, answers: answers.get(row.port) ?? null }));
}

export function stackTable(stacks: readonly ListedStack[]): string {
  const rows = stacks.map(({ name, version, installed, port, answers }) => [
    name,
    version,
    installed ? 'yes' : 'no',
    `${port}`,
    answers ?? '-',
  ]);
  const heads = ['NAME', 'VERSION', 'INSTALLED', 'PORT', 'ANSWERS THERE NOW'];
  const widths = heads.map((head, index) =>
    Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  return [heads, ...rows]
    .map((cells) =>
      cells
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function peerForms(peer: Peer, environment: Terminal['environment']) {
  const { name, title, version, port } = peer;
  const folder = (await findEnvironment(name, environment))?.folder ?? null;
  return PEER_FORMS.map((form) => ({
    name: `${name}/${form}`,
    title,
    form,
    version,
    installed: folder !== null,
    folder,
    port,
  }));
}
