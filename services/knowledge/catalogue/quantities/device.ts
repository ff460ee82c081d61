/** What a device says of itself: its battery, its radio, its place in the world. Accepted on every asset type. */
import { gauge, interval, sdm, state, UNBOUNDED } from '../quantity.ts';

export const deviceQuantities = [
  gauge('batteryLevel', 'batteri', 'battery level', '%', [0, 100], {
    decimals: 0,
    ...sdm('Device.batteryLevel', 0.01),
  }),
  gauge('batteryVoltage', 'batterispænding', 'battery voltage', 'V', [0, 60], { decimals: 2 }),
  gauge('rssi', 'signalstyrke', 'signal strength', 'dB{mW}', [-150, 0], { decimals: 0, ...sdm('Device.rssi') }),
  gauge('snr', 'signal/støj', 'signal-to-noise ratio', 'dB', [-30, 30], { decimals: 1 }),
  // Gaps in the frame counter of a LoRaWAN device.
  interval('lostUplinks', 'tabte beskeder', 'lost uplinks', '{uplink}', [0, UNBOUNDED], { decimals: 0 }),
  gauge('tiltAngle', 'hældning', 'tilt angle', 'deg', [0, 180], { decimals: 1 }),
  state(
    'tilted',
    'væltet',
    'overturned',
    [
      ['no', 'nej', 'no'],
      ['yes', 'ja', 'yes'],
    ],
    { booleans: ['no', 'yes'] },
  ),
];
