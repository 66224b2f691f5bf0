/** Of a file or folder, as `stat` gives it. */
interface FileOwner {
  readonly uid: number;
  readonly mode: number;
}

const WRITABLE_BY_ALL = 0o002;

/**
 * Whether a file says what the user, or root, has written: in a cache that several users share, anybody may have put
 * theirs there.
 *
 * @param uid of this process; undefined where the system has none
 */
export function isOwnFile({ uid: owner, mode }: FileOwner, uid: number | undefined): boolean {
  if (uid === undefined) return true;
  return (owner === uid || owner === 0) && (mode & WRITABLE_BY_ALL) === 0;
}
