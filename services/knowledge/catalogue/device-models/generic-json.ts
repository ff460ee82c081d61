/** Whatever speaks our JSON with our names and units. Built in: devices get it when they name no model. */
import type { DeviceModel } from '../../../model/catalogue.ts';

export const genericJson: DeviceModel = {
  id: 'generic-json',
  vendor: 'Generic',
  product: 'JSON object, batch or SenML',
  format: 'json',
};
