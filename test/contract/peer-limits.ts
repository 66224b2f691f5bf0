/**
 * What a peer truly cannot offer, with the reason: by stack, then by the name of the test. Such a test still
 * runs: it is skipped with this reason while it fails, and fails once it passes, so that no exception outlives
 * its reason.
 */
export const PEER_LIMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'fastapi/seeds': everyBadImage('the seeds’ service leaves a bad image to Starlette, which answers 500'),
  'bentoml/seeds': {
    ...everyBadImage('BentoML opens an upload before the service sees it, and answers 500 where it cannot'),
    'a bad image fails alone, not with its neighbours in the batch':
      'BentoML opens an image lazily: a damaged one raises in the batch, and the whole batch gets its 500',
  },
  'litserve/seeds': {
    'a bad image fails alone, not with its neighbours in the batch':
      'LitServe answers every request of a batch with what one of them raises',
  },
  'rayserve/seeds': {
    'a bad image fails alone, not with its neighbours in the batch':
      'the seeds’ service decodes in the batch, and @serve.batch gives every request of a batch the exception: 400',
  },
};

/** The seeds’ services differ most in what they do with a file that is no image. */
function everyBadImage(reason: string): Readonly<Record<string, string>> {
  const kinds = ['not an image', 'an empty file', 'a truncated JPEG', 'an SVG'];
  return Object.fromEntries(kinds.map((kind) => [`${kind}: refused with a 400`, reason]));
}
