/** Every LoRaWAN model that can be simulated. A new one is an encoder in `models/` and one line here. */
import type { LorawanModel } from './lorawan-model.ts';
import { am307, em300Mcs, em400Mud, em500Swl } from './models/milesight.ts';
import { decentlabPr26, draginoLdds75, elsysErsCo2 } from './models/others.ts';

export const lorawanModels: readonly LorawanModel[] = [
  em400Mud,
  em500Swl,
  em300Mcs,
  am307,
  elsysErsCo2,
  decentlabPr26,
  draginoLdds75,
];

export function lorawanModelOf(id: string): LorawanModel {
  const model = lorawanModels.find((m) => m.id === id);
  if (!model)
    throw new Error(`no LoRaWAN model is called "${id}"; there are ${lorawanModels.map((m) => m.id).join(', ')}`);
  return model;
}
