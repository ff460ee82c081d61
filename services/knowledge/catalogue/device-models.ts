/**
 * All device models that ship. A new one is one file in device-models/ and one line in each of the two lists here; a
 * vendor with many has a folder and a list of its own.
 */
import type { DeviceModel } from '../../model/catalogue.ts';
import { adeunisModels } from './device-models/adeunis/adeunis-models.ts';
import { axiomaQalcosonicW1 } from './device-models/axioma/qalcosonic-w1.ts';
import { boschModels } from './device-models/bosch/bosch-models.ts';
import { browanModels } from './device-models/browan/browan-models.ts';
import { cayenneLpp } from './device-models/cayenne-lpp.ts';
import { decentlabModels } from './device-models/decentlab/decentlab-models.ts';
import { dingtekModels } from './device-models/dingtek/dingtek-models.ts';
import { draginoModels } from './device-models/dragino/dragino-models.ts';
import { elsysModels } from './device-models/elsys/elsys-models.ts';
import { genericDistanceCm } from './device-models/generic-distance-cm.ts';
import { genericFahrenheitClimate } from './device-models/generic-fahrenheit-climate.ts';
import { genericFillingFraction } from './device-models/generic-filling-fraction.ts';
import { genericJson } from './device-models/generic-json.ts';
import { kellerModels } from './device-models/keller/keller-models.ts';
import { milesightModels } from './device-models/milesight/milesight-models.ts';
import { netvoxModels } from './device-models/netvox/netvox-models.ts';
import { nkeWattecoTriphaso } from './device-models/nke-watteco/triphaso.ts';
import { nwaveNps405 } from './device-models/nwave/nps405.ts';
import { parametricModels } from './device-models/parametric/parametric-models.ts';
import { pepperlFuchsWilsenSonicLevel } from './device-models/pepperl-fuchs/wilsen-sonic-level.ts';
import { pniPlacepod } from './device-models/pni/placepod.ts';
import { quandifyCubicmeter } from './device-models/quandify/cubicmeter.ts';
import { sensativeModels } from './device-models/sensative/sensative-models.ts';
import { talkpoolOy1110 } from './device-models/talkpool/oy1110.ts';
import { tektelicSmartRoom } from './device-models/tektelic/smart-room.ts';
import { vegaModels } from './device-models/vega/vega-models.ts';

export const deviceModels: readonly DeviceModel[] = [
  genericJson,
  genericDistanceCm,
  genericFillingFraction,
  genericFahrenheitClimate,
  cayenneLpp,
  ...decentlabModels,
  ...elsysModels,
  ...milesightModels,
  talkpoolOy1110,
  ...dingtekModels,
  ...draginoModels,
  ...sensativeModels,
  ...adeunisModels,
  ...boschModels,
  nwaveNps405,
  pniPlacepod,
  ...browanModels,
  ...kellerModels,
  ...netvoxModels,
  tektelicSmartRoom,
  quandifyCubicmeter,
  axiomaQalcosonicW1,
  ...vegaModels,
  pepperlFuchsWilsenSonicLevel,
  nkeWattecoTriphaso,
  ...parametricModels,
];
