/** All models of Decentlab that ship. A new one is one file beside this and one line in each of the two lists here. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { decentlabDl5Tm } from './dl-5tm.ts';
import { decentlabDlAtm22 } from './dl-atm22.ts';
import { decentlabDlAtm41 } from './dl-atm41.ts';
import { decentlabDlAtm41G2 } from './dl-atm41g2.ts';
import { decentlabDlCtd10 } from './dl-ctd10.ts';
import { decentlabDlCws } from './dl-cws.ts';
import { decentlabDlCws2 } from './dl-cws2.ts';
import { decentlabDlDs18 } from './dl-ds18.ts';
import { decentlabDlIam } from './dl-iam.ts';
import { decentlabDlLid } from './dl-lid.ts';
import { decentlabDlLp8P } from './dl-lp8p.ts';
import { decentlabDlMbx } from './dl-mbx.ts';
import { decentlabDlPm } from './dl-pm.ts';
import { decentlabDlPr21 } from './dl-pr21.ts';
import { decentlabDlPr26 } from './dl-pr26.ts';
import { decentlabDlPr36 } from './dl-pr36.ts';
import { decentlabDlPr36Ctd } from './dl-pr36ctd.ts';
import { decentlabDlRhc } from './dl-rhc.ts';
import { decentlabDlSht35 } from './dl-sht35.ts';
import { decentlabDlSmtp } from './dl-smtp.ts';
import { decentlabDlTbrg } from './dl-tbrg.ts';
import { decentlabDlTrs11 } from './dl-trs11.ts';
import { decentlabDlTrs12 } from './dl-trs12.ts';
import { decentlabDlTrs21 } from './dl-trs21.ts';

export const decentlabModels: readonly DeviceModel[] = [
  decentlabDl5Tm,
  decentlabDlAtm22,
  decentlabDlAtm41,
  decentlabDlAtm41G2,
  decentlabDlCtd10,
  decentlabDlCws,
  decentlabDlCws2,
  decentlabDlDs18,
  decentlabDlIam,
  decentlabDlLid,
  decentlabDlLp8P,
  decentlabDlMbx,
  decentlabDlPm,
  decentlabDlPr21,
  decentlabDlPr26,
  decentlabDlPr36,
  decentlabDlPr36Ctd,
  decentlabDlRhc,
  decentlabDlSht35,
  decentlabDlSmtp,
  decentlabDlTbrg,
  decentlabDlTrs11,
  decentlabDlTrs12,
  decentlabDlTrs21,
];
