/** All models of Elsys that ship. A new one is one file beside this and one line in each of the two lists here. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { elsysElt2 } from './elt-2.ts';
import { elsysEms } from './ems.ts';
import { elsysErs } from './ers.ts';
import { elsysErsCo2 } from './ers-co2.ts';
import { elsysErsSound } from './ers-sound.ts';
import { elsysErsVoc } from './ers-voc.ts';
import { elsysEthd10 } from './ethd10.ts';

export const elsysModels: readonly DeviceModel[] = [
  elsysElt2,
  elsysEms,
  elsysErs,
  elsysErsCo2,
  elsysErsSound,
  elsysErsVoc,
  elsysEthd10,
];
