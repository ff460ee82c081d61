/** Hours (since 1970) whose rollup is not what the raw values give, by series: they are answered from raw until recomputed. */

export class DirtyHours {
  #bySeries = new Map<number, Set<number>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(hour: number, series: number): boolean {
    return this.#bySeries.get(series)?.has(hour) ?? false;
  }

  add(hour: number, series: number): void {
    let hours = this.#bySeries.get(series);
    if (!hours) {
      hours = new Set();
      this.#bySeries.set(series, hours);
    }
    if (hours.has(hour)) return;
    hours.add(hour);
    this.#size++;
  }

  delete(hour: number, series: number): void {
    const hours = this.#bySeries.get(series);
    if (!hours?.delete(hour)) return;
    this.#size--;
    if (hours.size === 0) this.#bySeries.delete(series);
  }

  /** Of one series, ascending; both ends are hours, half-open. */
  of(series: number, from: number, to: number): number[] {
    const hours = this.#bySeries.get(series);
    if (!hours) return [];
    return [...hours].filter((hour) => hour >= from && hour < to).sort((a, b) => a - b);
  }

  *all(): Generator<readonly [hour: number, series: number]> {
    for (const [series, hours] of this.#bySeries) for (const hour of hours) yield [hour, series];
  }
}
