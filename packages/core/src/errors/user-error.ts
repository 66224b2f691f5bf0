/** Exit codes of the command line: design contract, never renumbered. */
export const EXIT = { ok: 0, thresholdFailed: 1, usage: 2, environment: 3, interrupted: 130 } as const;

/**
 * An error that a person can act on: shown as `error: <message>` and `fix: <fix>`, never with a stack.
 * `exitCode` 2 means the words were wrong, 3 that the machine lacks something.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    message: string,
    readonly fix: string,
    readonly exitCode:
      | (typeof EXIT)['usage']
      | (typeof EXIT)['environment']
      | (typeof EXIT)['thresholdFailed'],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function usageError(message: string, fix: string): UserError {
  return new UserError(message, fix, EXIT.usage);
}

export function environmentError(message: string, fix: string, cause?: unknown): UserError {
  return new UserError(message, fix, EXIT.environment, { cause });
}
