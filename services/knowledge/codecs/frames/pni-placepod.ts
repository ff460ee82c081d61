/** PNI PlacePod, parking sensor: items in the manner of Cayenne LPP, channel and type and data (communications protocol, section 2.1). */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

interface Item {
  key?: string;
  read: 'u8' | 'i16';
  per?: number;
}

const ITEMS: Readonly<Record<number, Item>> = {
  257: { read: 'u8' }, // recalibrated
  615: { key: 'temperature', read: 'i16', per: 10 },
  770: { key: 'batteryVoltage', read: 'i16', per: 100 },
  5478: { key: 'spotState', read: 'u8' },
  7169: { read: 'u8' }, // switched off
  8448: { key: 'count', read: 'u8' },
  14182: { key: 'spotState', read: 'u8' }, // keep-alive
  16129: { read: 'u8' }, // restarted
};

export const pniPlacepod: FrameCodec = {
  name: 'pni-placepod',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    const out = new OpenRecord(sink);
    let at = 0;
    while (at < frame.length) {
      const item = ITEMS[frame.u16(at)];
      if (!item) throw new Rejected('codec-failed', `channel and type at byte ${at} are not known`);
      const value = frame[item.read](at + 2);
      // Occupied is any value but 0.
      if (item.key === 'spotState') out.value(item.key, value === 0 ? 0 : 1);
      else if (item.key) out.value(item.key, value / (item.per ?? 1));
      at += item.read === 'u8' ? 3 : 4;
    }
  },
};
