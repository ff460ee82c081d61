/** A box for outdoors with an external sensor: distance, probe or input. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysElt2: DeviceModel = {
  id: 'elsys-elt-2',
  vendor: 'Elsys',
  product: 'ELT-2',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'Distance, and air pressure',
      fPort: 5,
      bytesHex: '0100c80232070e100e0bb814000f7514',
      expected: {
        now: {
          temperature: 20,
          relativeHumidity: 50,
          batteryVoltage: 3.6,
          distance: 3000,
          atmosphericPressure: 1013.012,
        },
      },
    },
    {
      description: 'A probe in frost',
      fPort: 5,
      bytesHex: '01ffec02620cffba19ff9c',
      expected: {
        now: { temperature: -2.0, relativeHumidity: 98, 'temperature.external': -7.0, 'temperature.external2': -10.0 },
      },
    },
    {
      description: 'Infrared',
      fPort: 5,
      bytesHex: '0100c81000d2ffba',
      expected: { now: { temperature: 20, 'temperature.infraredInside': 21, 'temperature.infrared': -7 } },
    },
  ],
};
