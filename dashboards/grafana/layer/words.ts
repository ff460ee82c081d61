/** Words that stand on every dashboard. */
import type { Text } from './language.ts';

export const WORDS = {
  organisation: { da: 'Organisation', en: 'Organisation' },
  asset: { da: 'Objekt', en: 'Asset' },
  quantity: { da: 'Måling', en: 'Quantity' },
  measured: { da: 'Målt', en: 'Measured' },
  noData: { da: 'Ingen data', en: 'No data' },
  all: { da: 'Alle', en: 'All' },
  openAsset: { da: 'Åbn objektet', en: 'Open the asset' },
  chartAsset: { da: 'Alle målinger på objektet', en: 'All readings of the asset' },
  ownLimit: {
    da: 'Grænsen står på hvert objekt og er derfor ikke tegnet her:',
    en: 'The limit is written on each asset and is therefore not drawn here:',
  },
  web: { da: 'Sanseværk: objekter', en: 'Sanseværk: assets' },
  webAlerts: { da: 'Sanseværk: alarmer', en: 'Sanseværk: alerts' },
  webLedger: { da: 'Sanseværk: regnskab', en: 'Sanseværk: ledger' },
  dashboards: { da: 'Oversigter', en: 'Dashboards' },
} satisfies Record<string, Text>;
