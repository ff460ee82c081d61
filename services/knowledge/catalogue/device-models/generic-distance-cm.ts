/** An ultrasonic level sensor that reports centimetres and its battery in millivolts. */
import type { DeviceModel } from '../../../model/catalogue.ts';

export const genericDistanceCm: DeviceModel = {
  id: 'generic-distance-cm',
  vendor: 'Generic',
  product: 'Ultrasonic level sensor (cm, mV)',
  format: 'json',
  heartbeat: 6 * 3600,
  mapping: {
    distance_cm: { quantity: 'distance', factor: 10 },
    temperature_c: { quantity: 'temperature' },
    battery_mv: { quantity: 'batteryVoltage', factor: 0.001 },
  },
  quantities: ['distance'],
  batteryVoltageLimit: 3.3,
};
