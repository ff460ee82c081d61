/** Road surface temperature and what it takes to know of rime and ice. */
import type { AssetType } from '../../../model/catalogue.ts';
import { flag, text } from '../attribute.ts';

export const roadWeather: AssetType = {
  id: 'road-weather',
  label: { da: 'vejtemperaturmåler', en: 'road weather' },
  quantities: ['roadSurfaceTemperature', 'temperature', 'relativeHumidity', 'dewPoint', 'surfaceState'],
  heartbeat: 30 * 60,
  safety: true,
  attributes: [text('road', 'vej', 'road'), text('class', 'vejklasse', 'class'), flag('bridge', 'bro', 'bridge')],
  derived: [
    {
      quantity: 'dewPoint',
      from: 'temperature',
      with: ['relativeHumidity'],
      attributes: [],
      source: 'Magnus: γ = ln(RH/100) + 17.62·T/(243.12 + T); dewPoint = 243.12·γ/(17.62 − γ)',
      formula: (temperature, _, { relativeHumidity }) => {
        if (relativeHumidity! <= 0) return undefined;
        const gamma = Math.log(relativeHumidity! / 100) + (17.62 * temperature) / (243.12 + temperature);
        return (243.12 * gamma) / (17.62 - gamma);
      },
    },
  ],
  sharing: 'open',
  rules: [],
};
