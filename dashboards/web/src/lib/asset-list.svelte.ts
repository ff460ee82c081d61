/** All assets somebody may see, with their latest values and open alerts, kept fresh by the stream. */
import { SvelteMap } from 'svelte/reactivity';
import { pick, t } from '../i18n/language.svelte.ts';
import { announce } from './announce.svelte.ts';
import { type Alert, type AssetItem, api, type Latest } from './api.ts';
import { rememberNames } from './asset-names.svelte.ts';
import { worse } from './asset-state.ts';
import { listen } from './live.svelte.ts';
import { signedIn } from './session.svelte.ts';

/** Readings arrive by the hundred; the page follows at this pace. */
const FLUSH_MS = 1000;

export class AssetList {
  /** By name. */
  assets = $state.raw<readonly AssetItem[]>([]);
  readonly latest = new SvelteMap<string, Latest[]>();
  loaded = $state(false);
  failed = $state(false);
  #alerts = new SvelteMap<string, Alert>();
  #pending = new Map<string, Map<string, Latest>>();

  /** The one alert to show for each asset that has any. */
  readonly worst = $derived.by(() => {
    const byAsset = new Map<string, Alert>();
    for (const alert of this.#alerts.values()) {
      const other = byAsset.get(alert.asset);
      byAsset.set(alert.asset, other ? worse(other, alert) : alert);
    }
    return byAsset;
  });

  async load(): Promise<void> {
    try {
      const [items, open, acknowledged] = await Promise.all([
        api.assets(),
        // Alerts carry what people wrote and did: the public has none.
        signedIn() ? api.allAlerts('open') : [],
        signedIn() ? api.allAlerts('acknowledged') : [],
      ]);
      const collator = new Intl.Collator('da', { numeric: true });
      this.assets = items.sort((a, b) => collator.compare(a.name, b.name));
      rememberNames(items);
      for (const item of items) this.latest.set(item.id, item.latest ?? []);
      this.#alerts.clear();
      for (const alert of [...open, ...acknowledged]) this.#alerts.set(alert.id, alert);
      this.loaded = true;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  /** Loads and follows until the returned function is called. */
  follow(): () => void {
    void this.load();
    const flush = setInterval(() => this.#flush(), FLUSH_MS);
    const stop = listen('', {
      reading: (r) => {
        if (!this.latest.has(r.asset)) return;
        const values = this.#pending.get(r.asset) ?? new Map<string, Latest>();
        values.set(r.quantity, r);
        this.#pending.set(r.asset, values);
      },
      alert: (alert) => this.#take(alert),
      reset: () => void this.load(),
    });
    return () => {
      stop();
      clearInterval(flush);
    };
  }

  #take(alert: Alert): void {
    const isNew = !this.#alerts.has(alert.id);
    if (alert.state === 'resolved') this.#alerts.delete(alert.id);
    else this.#alerts.set(alert.id, alert);
    if (isNew && alert.state === 'open' && alert.outcome === 'alarm') announce(t().newAlert(pick(alert.sentence)));
  }

  #flush(): void {
    for (const [asset, values] of this.#pending) {
      // History that comes late fills charts; the latest value stays the latest.
      const newer = [...values.values()].filter((v) => {
        const known = this.latest.get(asset)?.find((l) => l.quantity === v.quantity);
        return !known || v.time >= known.time;
      });
      const replaced = new Set(newer.map((v) => v.quantity));
      const kept = (this.latest.get(asset) ?? []).filter((l) => !replaced.has(l.quantity));
      this.latest.set(asset, [...kept, ...newer]);
    }
    this.#pending.clear();
  }
}
