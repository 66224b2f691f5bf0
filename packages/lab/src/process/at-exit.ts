const ends = new Set<() => void>();

/**
 * Has something done when this process exits, however it comes to that: a second signal does not wait for anything to
 * be stopped in order. Only what needs no event loop is done then.
 *
 * @returns takes it back
 */
export function atExit(end: () => void): () => void {
  if (ends.size === 0) process.once('exit', endAll);
  ends.add(end);
  return () => {
    ends.delete(end);
    if (ends.size === 0) process.off('exit', endAll);
  };
}

function endAll(): void {
  for (const end of ends) end();
}
