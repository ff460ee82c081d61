/** Air quality outdoors, shown as indicative unless the method is a reference method. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, number } from '../attribute.ts';

export const airQuality: AssetType = {
  id: 'air-quality',
  label: { da: 'luftkvalitetsmåler', en: 'air quality' },
  quantities: ['pm1', 'pm25', 'pm10', 'no2', 'o3', 'so2', 'co', 'temperature', 'relativeHumidity'],
  heartbeat: 3600,
  attributes: [
    number('height', 'målehøjde', 'height', 'm'),
    choice('siteType', 'stedtype', 'site type', ['traffic', 'background']),
    choice('method', 'metode', 'method', ['indikativ', 'reference'], { default: 'indikativ' }),
  ],
  derived: [],
  sharing: 'open',
  rules: [],
};
