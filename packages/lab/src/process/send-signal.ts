import { errorCode } from '@servelab/node';

/**
 * Signals a process, or with a negative number a process group.
 *
 * @returns false when there is none
 */
export function sendSignal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    // ESRCH: already gone. EPERM: macOS says so of a group of zombies.
    const code = errorCode(error);
    if (code === 'ESRCH' || (code === 'EPERM' && pid < 0)) return false;
    throw error;
  }
}
