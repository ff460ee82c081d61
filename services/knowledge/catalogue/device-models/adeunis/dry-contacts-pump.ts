/** Adeunis DRY CONTACTS (pumps): four dry contacts, each the running signal of a pump: closed is running. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const adeunisDryContactsPump: DeviceModel = {
  id: 'adeunis-dry-contacts-pump',
  vendor: 'Adeunis',
  product: 'DRY CONTACTS (pumps)',
  format: 'frame',
  codec: 'adeunis',
  heartbeat: 24 * 3600,
  mapping: {
    'contact.1': { quantity: 'pumpState.1' },
    'contact.2': { quantity: 'pumpState.2' },
    'contact.3': { quantity: 'pumpState.3' },
    'contact.4': { quantity: 'pumpState.4' },
  },
  quantities: ['pumpState.1', 'pumpState.2', 'pumpState.3', 'pumpState.4'],
  examples: [
    {
      description: 'two of four closed',
      fPort: 1,
      bytesHex: '40ab00f10002000100009c',
      expected: {
        now: { 'pumpState.1': 'stopped', 'pumpState.2': 'running', 'pumpState.3': 'running', 'pumpState.4': 'stopped' },
      },
    },
    {
      description: 'all open',
      fPort: 1,
      bytesHex: '40c000f200030001000000',
      expected: {
        now: { 'pumpState.1': 'stopped', 'pumpState.2': 'stopped', 'pumpState.3': 'stopped', 'pumpState.4': 'stopped' },
      },
    },
  ],
};
