import { expect, it } from 'vitest';
import { canonicalUrl } from './canonical-url.js';

it.each([
  ['/predict', '/predict'],
  ['/predict/', '/predict'],
  ['//predict', '/predict'],
  ['///predict///?a=/b//', '/predict?a=/b//'],
  ['/predict?x=1//', '/predict?x=1//'],
  ['/', '/'],
  ['//', '/'],
  ['/docs/', '/docs/'],
  ['/docs/static/', '/docs/static/'],
  ['http://host/predict', 'http://host/predict'],
  ['*', '*'],
  ['', ''],
])('%s is %s', (url, canonical) => {
  expect(canonicalUrl(url)).toBe(canonical);
});
