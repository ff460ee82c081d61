/** Parametric TCR-LS, TCR-HS: a radar that counts traffic: directions are channels, classes a number after them. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const parametricTcr: DeviceModel = {
  id: 'parametric-tcr',
  vendor: 'Parametric',
  product: 'TCR-LS, TCR-HS',
  format: 'frame',
  codec: 'parametric-tcr',
  heartbeat: 3600,
  examples: [
    {
      description: 'totals of an interval',
      fPort: 13,
      bytesHex: 'a20c0000101e000a2824',
      expected: {
        now: {
          'vehicleCount.ltr': 16,
          'averageVehicleSpeed.ltr': 30,
          'vehicleCount.rtl': 10,
          'averageVehicleSpeed.rtl': 40,
          batteryVoltage: 3.6,
        },
      },
    },
    {
      description: 'first class, one way only, on mains',
      fPort: 14,
      bytesHex: 'a20c0000000000052d00',
      expected: { now: { 'vehicleCount.ltr-0': 0, 'vehicleCount.rtl-0': 5, 'averageVehicleSpeed.rtl-0': 45 } },
    },
    {
      description: 'all classes (firmware 1.3)',
      fPort: 15,
      bytesHex: 'be02021c200ce4013900010a00021400031e000000000000000000000000000550',
      expected: {
        now: {
          'vehicleCount.ltr-0': 1,
          'averageVehicleSpeed.ltr-0': 10,
          'vehicleCount.rtl-0': 2,
          'averageVehicleSpeed.rtl-0': 20,
          'vehicleCount.ltr-1': 3,
          'averageVehicleSpeed.ltr-1': 30,
          'vehicleCount.rtl-1': 0,
          'vehicleCount.ltr-2': 0,
          'vehicleCount.rtl-2': 0,
          'vehicleCount.ltr-3': 0,
          'vehicleCount.rtl-3': 5,
          'averageVehicleSpeed.rtl-3': 80,
          batteryVoltage: 7.2,
        },
      },
    },
    {
      description: 'who it is',
      fPort: 190,
      bytesHex: 'be0200d2012000000000',
      expected: {},
    },
  ],
};
