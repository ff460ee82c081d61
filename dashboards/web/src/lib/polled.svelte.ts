/** Something of the API that a page shows and asks for again and again. */
import { ApiError } from './api.ts';

const EVERY_MS = 15_000;

export class Polled<T> {
  value = $state.raw<T>();
  /** `refused`: whoever is signed in may not see it; what was seen before stays after `failed`. */
  problem = $state<'' | 'refused' | 'failed'>('');
  #ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  async load(): Promise<void> {
    try {
      this.value = await this.#ask();
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof ApiError && error.status === 403 ? 'refused' : 'failed';
    }
  }

  /** Asks, and asks again until the returned function is called; not while nobody looks. */
  follow(everyMs = EVERY_MS): () => void {
    void this.load();
    const timer = setInterval(() => {
      if (!document.hidden && this.problem !== 'refused') void this.load();
    }, everyMs);
    return () => clearInterval(timer);
  }
}
