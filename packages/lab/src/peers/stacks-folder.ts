import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The `stacks/` folder of the checkout. */
export const STACKS_FOLDER = fileURLToPath(new URL('../../../../stacks/', import.meta.url));

/** Every server that is compared, for TypeScript, Python and k6 alike. */
export const REGISTRY_FILE = join(STACKS_FOLDER, 'registry.json');

/** Every package of a stack, with its version and hashes. */
export const lockFile = (name: string): string => join(STACKS_FOLDER, name, 'requirements.lock');
