/** The scripts used last. Runner and thread keep one each and touch it in the same order, so that each knows what the other has. */

const MOST_SCRIPTS = 64;

export class Recent<T> {
  #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Makes it the newest; gives what had to go for it. */
  touch(key: string, value: T): T | undefined {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= MOST_SCRIPTS) return undefined;
    const [oldest] = this.#entries;
    if (!oldest) return undefined;
    this.#entries.delete(oldest[0]);
    return oldest[1];
  }
}
