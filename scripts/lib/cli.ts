// What all command lines share: progress goes to stderr, a user's mistake is one message and exit code 1.

/** Something that the user can put right; printed without a stack trace. */
export class UserError extends Error {}

export const progress = (message: string): void => {
  process.stderr.write(`${message}\n`);
};

export const command = (work: () => Promise<void>): void => {
  work().catch((error: unknown) => {
    progress(
      error instanceof UserError ? `Error: ${error.message}` : String(error instanceof Error ? error.stack : error),
    );
    process.exitCode = 1;
  });
};
