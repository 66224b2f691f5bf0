import { createRequire } from 'node:module';

/** Version of this package, the same from `src` and `dist`. */
export const VERSION: string = (createRequire(import.meta.url)('../../package.json') as { version: string })
  .version;
