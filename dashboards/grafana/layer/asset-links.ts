/** From an asset's name: to its page in the web app, and to the dashboard of everything measured on it. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language } from './language.ts';
import type { Query } from './query.ts';
import { uidOf } from './uid.ts';
import { WORDS } from './words.ts';

/** For the lines of a chart. */
export function assetLinks(query: Query, language: Language): Builder<ReturnType<DashboardLinkBuilder['build']>>[] {
  if (query.kind === 'platform' || query.join) return [];
  return [
    new DashboardLinkBuilder(WORDS.openAsset[language]).url(`$web/objekt/\${__field.labels.asset}`),
    new DashboardLinkBuilder(WORDS.chartAsset[language]).url(assetDashboard(language, `\${__field.labels.asset}`)),
  ];
}

/** The dashboard of one asset; Grafana puts its own path before the slash where it is served below one. */
function assetDashboard(language: Language, asset: string): string {
  return `/d/${uidOf({ id: 'asset' }, language)}?var-asset=${asset}`;
}

/** For the cells of a table's column of assets. */
export function assetCellLinks(language: Language): { title: string; url: string }[] {
  return [
    { title: WORDS.openAsset[language], url: `$web/objekt/\${__value.text}` },
    { title: WORDS.chartAsset[language], url: assetDashboard(language, `\${__value.text}`) },
  ];
}
