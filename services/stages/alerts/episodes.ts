/**
 * The episodes that stand, and the ids of those that ended. A batch works on a draft of them, which is taken over only
 * when the registry has it, so that a batch that is tried again finds everything as it was.
 */
import type { Alert } from '../../model/alert.ts';

/** Whether people were told: not to be, yet to be decided (it may be over already), or done. */
type Told = 'no' | 'waiting' | 'yes';

export interface Episode {
  alert: Alert;
  told: Told;
  /** Rule clock when it was raised, epoch ms. */
  at: number;
}

/** Raising an id again changes nothing, for as long as the log could bring it back. */
const REMEMBER_DAYS = 60;
const DAY = 86_400_000;

export class Episodes {
  #open = new Map<string, Episode>();
  /** Id → day it ended. */
  #ended = new Map<string, number>();
  #draft = new Map<string, Episode>();
  #draftEnded = new Map<string, number>();

  has(id: string): boolean {
    return this.get(id) !== undefined || this.#ended.has(id) || this.#draftEnded.has(id);
  }

  /** One that stands. */
  get(id: string): Episode | undefined {
    const episode = this.#draft.get(id) ?? this.#open.get(id);
    return episode && episode.alert.state !== 'resolved' ? episode : undefined;
  }

  /** One that ended in this very batch, or was commented in it afterwards. */
  ended(id: string): Episode | undefined {
    const episode = this.#draft.get(id);
    return episode?.alert.state === 'resolved' ? episode : undefined;
  }

  put(episode: Episode): void {
    const { id, state, resolvedAt = 0 } = episode.alert;
    this.#draft.set(id, episode);
    if (state === 'resolved') this.#draftEnded.set(id, Math.floor(resolvedAt / DAY));
  }

  *waiting(): Iterable<Episode> {
    for (const id of new Set([...this.#open.keys(), ...this.#draft.keys()])) {
      const episode = this.get(id);
      if (episode?.told === 'waiting') yield episode;
    }
  }

  /** What this batch changed, each alert as it is now. */
  drafts(): Alert[] {
    return [...this.#draft.values()].map((e) => e.alert);
  }

  all(): Alert[] {
    return [...this.#open.values()].map((e) => e.alert);
  }

  discard(): void {
    this.#draft.clear();
    this.#draftEnded.clear();
  }

  /** Takes the draft over, and adds it to the commit. `now`: epoch ms. */
  keep(changes: Map<string, Uint8Array | undefined>, now: number): void {
    for (const [id, episode] of this.#draft) {
      if (episode.alert.state === 'resolved') {
        this.#open.delete(id);
        changes.set(`a/${id}`, undefined);
      } else {
        this.#open.set(id, episode);
        changes.set(`a/${id}`, Buffer.from(JSON.stringify(episode)));
      }
    }
    for (const [id, day] of this.#draftEnded) {
      this.#ended.set(id, day);
      changes.set(`e/${id}`, Buffer.from(String(day)));
    }
    if (this.#draftEnded.size > 0) this.#forget(changes, Math.floor(now / DAY) - REMEMBER_DAYS);
    this.discard();
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#open.clear();
    this.#ended.clear();
    this.discard();
    for (const [key, bytes] of state) {
      const text = Buffer.from(bytes).toString();
      if (key.startsWith('a/'))
        this.#open.set(key.slice(2), JSON.parse(text) as Episode); // written by keep()
      else if (key.startsWith('e/')) this.#ended.set(key.slice(2), Number(text));
    }
  }

  // In the order they ended, nearly: it stops at the first that is young enough.
  #forget(changes: Map<string, Uint8Array | undefined>, before: number): void {
    for (const [id, day] of this.#ended) {
      if (day >= before) break;
      this.#ended.delete(id);
      changes.set(`e/${id}`, undefined);
    }
  }
}
