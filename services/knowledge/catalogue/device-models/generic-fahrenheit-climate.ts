/** A room sensor that reports degrees Fahrenheit and CO₂. */
import type { DeviceModel } from '../../../model/catalogue.ts';

export const genericFahrenheitClimate: DeviceModel = {
  id: 'generic-fahrenheit-climate',
  vendor: 'Generic',
  product: 'Room sensor (°F, %, ppm)',
  format: 'json',
  heartbeat: 3600,
  mapping: {
    temp_f: { quantity: 'temperature', factor: 5 / 9, offset: -160 / 9 },
    humidity: { quantity: 'relativeHumidity' },
    co2_ppm: { quantity: 'co2' },
  },
  quantities: ['temperature', 'relativeHumidity', 'co2'],
};
