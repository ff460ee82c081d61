/** Lets so many in at a time; the others wait in line. */

export interface Gate {
  /** Resolves when there is room; call the answer to leave. */
  enter(): Promise<() => void>;
  /** Resolves when nobody is inside. */
  empty(): Promise<void>;
  readonly inside: number;
}

export function createGate(places: number): Gate {
  let inside = 0;
  const line: (() => void)[] = [];
  const watchers: (() => void)[] = [];

  const leave = (): void => {
    const next = line.shift();
    if (next) {
      next(); // the place goes on to the next one
      return;
    }
    inside--;
    if (inside === 0) for (const watcher of watchers.splice(0)) watcher();
  };
  const once = (): (() => void) => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  };
  return {
    enter() {
      if (inside < places) {
        inside++;
        return Promise.resolve(once());
      }
      return new Promise((resolve) => line.push(() => resolve(once())));
    },
    empty: () => (inside === 0 ? Promise.resolve() : new Promise((resolve) => watchers.push(resolve))),
    get inside() {
      return inside;
    },
  };
}
