import type { Token, Tokens } from 'marked';
import { blocksOf } from './pages.js';

/** What the comment before a block says of it. */
export type Mark =
  | { readonly kind: 'run'; readonly name: string }
  | { readonly kind: 'run by CI' }
  | { readonly kind: 'not run'; readonly reason: string };

export interface QuickstartBlock {
  readonly commands: string;
  /** Null where the page does not say. */
  readonly mark: Mark | null;
}

/** Every block of commands, with the comment that stands right before it. */
export function quickstartBlocks(): readonly QuickstartBlock[] {
  const tokens = blocksOf('docs/quickstart.md').filter(({ type }) => type !== 'space');
  return tokens.flatMap((token, index) =>
    token.type === 'code'
      ? [{ commands: (token as Tokens.Code).text, mark: markOf(tokens.slice(0, index)) }]
      : [],
  );
}

function markOf(before: readonly Token[]): Mark | null {
  const comment = before.at(-1);
  if (comment?.type !== 'html') return null;
  const [, said = ''] = /^<!-- ([^\n]*) -->$/.exec(comment.raw.trim()) ?? [];
  if (said === 'run by .ci/run') return { kind: 'run by CI' };
  const [, kind, rest = ''] = /^(run|not run here): (.+)$/.exec(said) ?? [];
  if (kind === 'run') return { kind, name: rest };
  return kind === undefined ? null : { kind: 'not run', reason: rest };
}
