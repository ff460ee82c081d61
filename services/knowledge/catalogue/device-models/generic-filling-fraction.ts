/** A waste level sensor that reports its filling level as a fraction, 0 to 1, as Smart Data Models does. */
import type { DeviceModel } from '../../../model/catalogue.ts';

export const genericFillingFraction: DeviceModel = {
  id: 'generic-filling-fraction',
  vendor: 'Generic',
  product: 'Waste level sensor (fraction 0–1)',
  format: 'json',
  heartbeat: 6 * 3600,
  mapping: {
    fillingLevel: { quantity: 'fillingLevel', factor: 100 },
    batteryLevel: { quantity: 'batteryLevel', factor: 100 },
  },
  quantities: ['fillingLevel'],
};
