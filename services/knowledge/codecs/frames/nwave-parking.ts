/** Nwave NPS405, parking sensor (application protocol, 4.2: port 1 on a change, port 2 as a heartbeat; the rest measures nothing). */
import { fixedFrame } from '../fixed-frame.ts';

export const nwaveParking = fixedFrame('nwave-parking', [
  { ports: [1, 2], fields: [{ key: 'spotState', at: 0, as: 'u8', mask: 0x01 }] },
  { fields: [] },
]);
