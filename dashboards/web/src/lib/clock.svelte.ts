/** Now, moving every five seconds: every age on the page follows it. */
const clock = $state({ now: Date.now() });
setInterval(() => {
  clock.now = Date.now();
}, 5000);

export function now(): number {
  return clock.now;
}
