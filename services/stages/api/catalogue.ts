/** The catalogue for programs and pages: what may be measured, on what, by what, with Danish and English labels. */
import { endpoint } from './endpoint.ts';
import { withEtag } from './put.ts';

export const get = endpoint({ summary: 'Quantities, asset types and device models' }, (call, { catalogue }) => {
  const { quantities, assetTypes, deviceModels } = catalogue;
  const shown = {
    quantities,
    // Formulas are code: people read where they come from.
    assetTypes: assetTypes.map(({ derived, rules: _, ...type }) => ({
      ...type,
      derived: derived.map(({ formula: __, ...d }) => d),
    })),
    // Their mappings and example frames are for whoever works with models: `GET /device-models`.
    deviceModels: deviceModels.map(({ examples: _, mapping: __, ...model }) => model),
  };
  return withEtag(call, shown, shown);
});
