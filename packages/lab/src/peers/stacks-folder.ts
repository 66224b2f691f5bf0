import { join } from 'node:path';
import { repositoryPath } from '@servelab/node';

/** The `stacks/` folder: the checkout's, or the copy in the installed package. */
export const STACKS_FOLDER = repositoryPath(import.meta.url, 'stacks');

/** Every server that is compared, for TypeScript, Python and k6 alike. */
export const REGISTRY_FILE = join(STACKS_FOLDER, 'registry.json');

/** Every package of a stack, with its version and hashes. */
export const lockFile = (name: string): string => join(STACKS_FOLDER, name, 'requirements.lock');
