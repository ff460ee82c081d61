/** What has to succeed once before anything else, like the check that the server is the right one. */

/** Runs until it has succeeded once; those who call at the same time share one run. */
export function once(check: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= check().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}
