/** Why a command is aborted; thrown where there is nothing to keep, and nothing to wait for. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
