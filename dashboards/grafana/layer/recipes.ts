/** Panels that come back in every domain, said in one line. */
import type { Text } from './language.ts';
import { type Figure, figure, type Ranking, ranking } from './panels.ts';
import { type Comparison, ofReadings, type SeriesQuery } from './query.ts';
import { stateNumber } from './states.ts';

type Types = SeriesQuery['types'];

/** Assets whose latest value is so. */
export function countWhere(
  title: Text,
  at: { types: Types; quantity: string; is: Comparison; limit: number; colour?: string },
): Figure {
  return figure({
    title,
    query: ofReadings({
      types: at.types,
      quantity: at.quantity,
      channels: true,
      reduce: 'last',
      where: { is: at.is, limit: at.limit },
      join: { as: 'assets', by: [] },
    }),
    ...(at.colour ? { alarmFrom: { value: 1, colour: at.colour } } : {}),
  });
}

/** Assets that are in a state now. */
export function countState(
  title: Text,
  at: { types: Types; quantity: string; state: string; colour?: string },
): Figure {
  return countWhere(title, { ...at, is: '=', limit: stateNumber(at.quantity, at.state) });
}

/** How many were heard of at all in the period. */
export function reporting(title: Text, at: { types: Types; quantity: string }): Figure {
  return figure({
    title,
    description: {
      da: 'Objekter med mindst én måling i perioden. Resten ved vi intet om.',
      en: 'Assets with at least one reading in the period. Of the rest we know nothing.',
    },
    query: ofReadings({ ...at, channels: true, reduce: 'last', join: { as: 'assets', by: [] } }),
  });
}

/** The longest silent first. An asset without any data in the period is not in the list. */
export function longestSilent(types: Types): Ranking {
  return ranking({
    title: { da: 'Længst siden data', en: 'Longest without data' },
    description: {
      da: 'Objekter helt uden data i perioden står ikke her: vælg en længere periode, eller se alarmen "Ingen data".',
      en: 'Assets without any data in the period are not listed: choose a longer period, or see the alert "No data".',
    },
    query: ofReadings({
      types,
      quantity: 'every',
      field: 'received',
      reduce: 'max',
      join: { as: 'max', by: ['owner', 'asset'] },
    }),
    column: { da: 'Seneste data', en: 'Latest data' },
    worst: 'lowest',
  });
}
