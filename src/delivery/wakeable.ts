/**
 * A wait that ends early when somebody wakes it. A wake that comes while nobody waits is kept for the next wait, so that
 * no commit is missed between looking and waiting.
 */
export function createWakeable() {
  let isAwake = false;
  let end: (() => void) | undefined;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        end = undefined;
        resolve();
      }
      end = done;
    });

  return {
    wake(): void {
      isAwake = true;
      end?.();
    },
    /** At most `ms`; at once when a wake has come since the last wait. */
    async wait(ms: number): Promise<void> {
      if (!isAwake) await sleep(ms);
      isAwake = false;
    },
  };
}
