/** Temperature, humidity, water on the floor, movement. Which state of its contact is open depends on how it is set: map digital1 in a model of your own. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysEms: DeviceModel = {
  id: 'elsys-ems',
  vendor: 'Elsys',
  product: 'EMS',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 24 * 3600,
  quantities: ['temperature', 'relativeHumidity'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'Dry',
      fPort: 5,
      bytesHex: '0100e2022903003f00070d620d010f001200',
      expected: { now: { temperature: 22.6, relativeHumidity: 41, batteryVoltage: 3.426, waterLeak: 'dry' } },
    },
    {
      description: 'Wet and cold',
      fPort: 5,
      bytesHex: '01ffc90262070e101264',
      expected: { now: { temperature: -5.5, relativeHumidity: 98, batteryVoltage: 3.6, waterLeak: 'leak' } },
    },
  ],
};
