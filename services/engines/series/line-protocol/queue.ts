/** One change at a time, in order of calls; a failure of one does not stop the next. */

// The stage writes one batch after the other, and maintenance one turn after the other: more would be a mistake.
const MOST = 100;

export function queue(): <T>(change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (change) => {
    if (waiting >= MOST) return Promise.reject(new Error(`series: ${waiting} changes are waiting`));
    waiting++;
    const next = last.then(change).finally(() => waiting--);
    last = next.catch(() => {});
    return next;
  };
}
