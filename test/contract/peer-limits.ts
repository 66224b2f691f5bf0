/**
 * What a peer truly cannot offer, with the reason: by stack, then by the name of the test. Such a test still
 * runs: it is skipped with this reason while it fails, and fails once it passes, so that no exception outlives
 * its reason.
 */
export const PEER_LIMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'fastapi/seeds': everyBadImage('the seeds’ service leaves a bad image to Starlette, which answers 500'),
};

/** The seeds’ services differ most in what they do with a file that is no image. */
function everyBadImage(reason: string): Readonly<Record<string, string>> {
  const kinds = ['not an image', 'an empty file', 'a truncated JPEG', 'an SVG'];
  return Object.fromEntries(kinds.map((kind) => [`${kind}: refused with a 400`, reason]));
}
