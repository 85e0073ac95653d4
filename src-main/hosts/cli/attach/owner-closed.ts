const CLOSED = Symbol('prompter.cli.owner-closed');

/** The process that has the store stopped answering: it was closed, or died. */
export function ownerClosed(cause: unknown): Error {
  const message =
    'The running Prompter was closed before it had answered. Everything that it reported as stored is kept.';
  return Object.assign(new Error(message, { cause }), { [CLOSED]: true });
}

export function isOwnerClosed(error: unknown): error is Error {
  return error instanceof Error && CLOSED in error;
}
