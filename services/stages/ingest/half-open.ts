/** Connections that have not completed CONNECT: how many there may be, of one address and altogether. */

export class HalfOpen {
  #most: number;
  #mostPerAddress: number;
  #byAddress = new Map<string, number>();
  #total = 0;

  constructor(most: number, mostPerAddress: number) {
    this.#most = most;
    this.#mostPerAddress = mostPerAddress;
  }

  get size(): number {
    return this.#total;
  }

  /** Takes a place; the function given back frees it, once however often it is called. Nothing when there is none. */
  enter(address: string): (() => void) | undefined {
    const here = this.#byAddress.get(address) ?? 0;
    if (this.#total >= this.#most || here >= this.#mostPerAddress) return undefined;
    this.#total++;
    this.#byAddress.set(address, here + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#total--;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    };
  }
}
