import { repositoryPath } from '@servelab/node';

/** The `deploy/` folder: the checkout's, or the copy of its parts in the installed package. */
export const DEPLOY_FOLDER = repositoryPath(import.meta.url, 'deploy');
