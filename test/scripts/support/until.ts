// Waiting for what Kubernetes' controllers do in their own time.

/** Fails after a minute; what can't be looked at yet does not hold yet. */
export const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`not after a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};
