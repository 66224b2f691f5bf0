import { fileURLToPath } from 'node:url';

/** The `deploy/` folder of the checkout. */
export const DEPLOY_FOLDER = fileURLToPath(new URL('../../../../deploy/', import.meta.url));
