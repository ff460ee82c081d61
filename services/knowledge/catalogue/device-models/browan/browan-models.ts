/** The models of Browan. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { browanTbam100 } from './tbam100.ts';
import { browanTbdw100 } from './tbdw100.ts';
import { browanTbdw100Holder } from './tbdw100-holder.ts';
import { browanTbhh100 } from './tbhh100.ts';
import { browanTbsl100 } from './tbsl100.ts';
import { browanTbwl100 } from './tbwl100.ts';

export const browanModels: readonly DeviceModel[] = [
  browanTbdw100,
  browanTbdw100Holder,
  browanTbhh100,
  browanTbam100,
  browanTbsl100,
  browanTbwl100,
];
