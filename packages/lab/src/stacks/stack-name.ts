import { usageError } from '@servelab/core';
import { PEER_FORMS, type Peer, type PeerFormName } from '../peers/peer.js';
import { PEERS } from '../peers/peers.js';
import type { OwnServer } from './own/own-server.js';
import { SERVELAB_POLICIES, type ServelabPolicy } from './servelab-stacks.js';

/** `NAME[/form][:policy][@precision]` taken apart, defaults filled in. */
export type BuiltInName = ServelabName | PeerName;

/** That, or the name of a server of the user's own. */
export type StackName = BuiltInName | OwnName;

interface AnyName {
  /** As it stands in `report.json`: the shortest spelling that says everything that is not a default. */
  readonly name: string;
  readonly precision: StackPrecision;
}

export interface ServelabName extends AnyName {
  readonly kind: 'servelab';
  /** `exact` decodes large images from every pixel, as the peers do. */
  readonly form: ServelabForm;
  readonly policy: ServelabPolicy;
}

export interface PeerName extends AnyName {
  readonly kind: 'peer';
  readonly peer: Peer;
  readonly form: PeerFormName;
  /** False where `:none` switches the framework's own batching off. */
  readonly batches: boolean;
}

export interface OwnName extends AnyName {
  readonly kind: 'other';
  readonly server: OwnServer;
}

const SERVELAB_FORMS = ['exact'] as const;
export type ServelabForm = '' | (typeof SERVELAB_FORMS)[number];

const PRECISIONS = ['f32', 'int8'] as const;
export type StackPrecision = (typeof PRECISIONS)[number];

/** The text, and its parts as they were written. */
interface Parts {
  readonly text: string;
  readonly family: string;
  readonly form: string | undefined;
  readonly policy: string | undefined;
  readonly precision: string | undefined;
}

const SYNTAX = /^(?<family>[a-z]+)(?:\/(?<form>[a-z]+))?(?::(?<policy>[^@]+))?(?:@(?<precision>\w+))?$/;
const DEFAULT_POLICY = 'optimal';
/** The only policy that can be asked of a framework: its own, or this one. */
const NO_BATCHING = 'none';

/**
 * @param ownServers those that the configuration file declares
 * @throws UserError (exit code 2) that names the part that is not understood and what may stand there
 */
export function findStackName(text: string, ownServers: readonly OwnServer[]): StackName {
  const server = ownServers.find(({ name }) => name === text);
  if (server !== undefined) return { kind: 'other', name: text, precision: server.precision, server };
  return parseStackName(text, `, or a server of your own${listed(ownServers)}`);
}

/**
 * @param otherwise what may be named besides, for the words of a refusal
 * @throws UserError (exit code 2) that names the part that is not understood and what may stand there
 */
export function parseStackName(text: string, otherwise = ''): BuiltInName {
  const groups = SYNTAX.exec(text)?.groups;
  if (groups === undefined) {
    throw usageError(
      `"${text}" is not the name of a stack`,
      'Write NAME[/form][:policy][@precision], for example servelab:none@int8 or bentoml/tuned.',
    );
  }
  const { family = '', form, policy, precision } = groups;
  const parts = { text, family, form, policy, precision };
  if (family === 'servelab') return servelabName(parts);
  const peer = PEERS.find(({ name }) => name === family);
  if (peer !== undefined) return peerName(peer, parts);
  throw usageError(
    `there is no stack "${family}" in "${text}"`,
    `Use servelab:POLICY, or one of ${PEERS.map(({ name }) => name).join(', ')} with a /form${otherwise}.`,
  );
}

/** What `stacks` of the configuration file has, or where a server would have to be declared. */
function listed(ownServers: readonly OwnServer[]): string {
  return ownServers.length === 0
    ? ' that stands under "stacks" in servelab.yaml'
    : `: ${ownServers.map(({ name }) => name).join(', ')}`;
}

function servelabName({ text, form, policy = DEFAULT_POLICY, precision }: Parts): ServelabName {
  const decoding = form === undefined ? '' : requireOneOf('form', form, SERVELAB_FORMS, text);
  const known = requireOneOf('policy', policy, SERVELAB_POLICIES, text);
  const understood = requireOneOf('precision', precision ?? 'f32', PRECISIONS, text);
  return {
    kind: 'servelab',
    name: `servelab${decoding && `/${decoding}`}:${policy}${suffix(understood)}`,
    form: decoding,
    policy: known,
    precision: understood,
  };
}

function peerName(peer: Peer, { text, form = 'tuned', policy, precision }: Parts): PeerName {
  if (policy !== undefined && policy !== NO_BATCHING) {
    throw usageError(
      `${peer.title} batches in its own way, but "${text}" asks for the policy "${policy}"`,
      `Leave the :policy out, or switch its batching off with :${NO_BATCHING}; policies are servelab’s.`,
    );
  }
  const understood = requireOneOf('form', form, PEER_FORMS, text);
  // FastAPI has nothing to switch off: `:none` is what it is.
  const canBatch = peer.forms[understood].batching.kind !== 'none';
  const batches = canBatch && policy === undefined;
  if (understood === 'seeds' && precision !== undefined && precision !== 'f32') {
    throw usageError(
      `the seeds’ form runs the Keras model, which is f32, but "${text}" asks for "${precision}"`,
      `Leave the @precision out, or use ${peer.name}/tuned@${precision}.`,
    );
  }
  const exact = requireOneOf('precision', precision ?? 'f32', PRECISIONS, text);
  return {
    kind: 'peer',
    name: `${peer.name}/${understood}${canBatch && !batches ? `:${NO_BATCHING}` : ''}${suffix(exact)}`,
    peer,
    form: understood,
    batches,
    precision: exact,
  };
}

const suffix = (precision: StackPrecision): string => (precision === 'f32' ? '' : `@${precision}`);

function requireOneOf<T extends string>(what: string, value: string, choices: readonly T[], text: string): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw usageError(`there is no ${what} "${value}" in "${text}"`, `Use one of: ${choices.join(', ')}.`);
}
