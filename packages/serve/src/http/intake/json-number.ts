/**
 * The grammar of a JSON number, one character after the other.
 *
 * ```
 * start -'-'-> minus      whole: 0 (zero) or 1-9 and digits (integer)
 *   `---------> whole -'.'-> point -digit-> fraction
 *                 `----'e'-----------'e'---'-> exponent -'+' '-'-> sign -digit-> power
 * ```
 */
export type NumberState =
  | 'start'
  | 'minus'
  | 'zero'
  | 'integer'
  | 'point'
  | 'fraction'
  | 'exponent'
  | 'sign'
  | 'power';

const COMPLETE: ReadonlySet<NumberState> = new Set(['zero', 'integer', 'fraction', 'power']);

export const isCompleteNumber = (state: NumberState): boolean => COMPLETE.has(state);

/** @returns null where the character does not belong to the number */
export function nextNumberState(state: NumberState, byte: number): NumberState | null {
  if (byte >= 0x30 && byte <= 0x39) return afterDigit(state, byte === 0x30);
  switch (byte) {
    case 0x2d: // -
      return state === 'start' ? 'minus' : state === 'exponent' ? 'sign' : null;
    case 0x2b: // +
      return state === 'exponent' ? 'sign' : null;
    case 0x2e: // .
      return state === 'zero' || state === 'integer' ? 'point' : null;
    case 0x45: // E
    case 0x65: // e
      return isCompleteNumber(state) && state !== 'power' ? 'exponent' : null;
    default:
      return null;
  }
}

function afterDigit(state: NumberState, isZero: boolean): NumberState | null {
  switch (state) {
    case 'start':
    case 'minus':
      return isZero ? 'zero' : 'integer';
    case 'zero':
      return null;
    case 'integer':
      return 'integer';
    case 'point':
    case 'fraction':
      return 'fraction';
    default:
      return 'power';
  }
}
