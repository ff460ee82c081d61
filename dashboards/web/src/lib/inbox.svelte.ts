/** The alarm inbox: what is open and acknowledged in full, what is resolved page by page; kept fresh by the stream. */
import { SvelteMap } from 'svelte/reactivity';
import { pick, t } from '../i18n/language.svelte.ts';
import { announce } from './announce.svelte.ts';
import { type Alert, type AlertState, api } from './api.ts';
import { askNames } from './asset-names.svelte.ts';
import { listen } from './live.svelte.ts';

const PAGE = 200;

export class Inbox {
  readonly alerts = new SvelteMap<string, Alert>();
  /** Epoch ms of the last answer or event; 0 before the first. */
  checked = $state(0);
  failed = $state(false);
  /** More resolved ones are to be had. */
  more = $state(false);
  #next: string | undefined;

  async load(): Promise<void> {
    try {
      const [open, acknowledged, resolved] = await Promise.all([
        api.allAlerts('open'),
        api.allAlerts('acknowledged'),
        api.alerts(`state=resolved&limit=${PAGE}`),
      ]);
      const all = [...open, ...acknowledged, ...resolved.items];
      const known = new Set(all.map((a) => a.id));
      for (const id of this.alerts.keys()) if (!known.has(id)) this.alerts.delete(id);
      this.#next = resolved.next;
      this.#add(all);
    } catch {
      this.failed = true;
    }
  }

  async loadMore(): Promise<void> {
    if (this.#next === undefined) return;
    try {
      const page = await api.alerts(`state=resolved&limit=${PAGE}&cursor=${encodeURIComponent(this.#next)}`);
      this.#next = page.next;
      this.#add(page.items);
    } catch {
      this.failed = true;
    }
  }

  put(alert: Alert): void {
    this.#add([alert]);
  }

  count(state: AlertState): number {
    return [...this.alerts.values()].filter((a) => a.state === state).length;
  }

  /** Loads and follows until the returned function is called. */
  follow(): () => void {
    void this.load();
    return listen('', {
      alert: (alert) => {
        if (!this.alerts.has(alert.id) && alert.outcome === 'alarm') announce(t().newAlert(pick(alert.sentence)));
        this.put(alert);
      },
      reset: () => void this.load(),
    });
  }

  #add(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.alerts.set(alert.id, alert);
    this.more = this.#next !== undefined;
    this.checked = Date.now();
    this.failed = false;
    void askNames(alerts.map((a) => a.asset));
  }
}
