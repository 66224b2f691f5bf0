import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The `stacks/` folder of the checkout. */
export const STACKS_FOLDER = fileURLToPath(new URL('../../../../stacks/', import.meta.url));

/** Every package of a stack, with its version and hashes. */
export const lockFile = (name: string): string => join(STACKS_FOLDER, name, 'requirements.lock');
