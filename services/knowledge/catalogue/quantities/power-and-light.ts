/** Electricity, heat, doors and street lighting. */
import { counter, gauge, sdm, state, UNBOUNDED } from '../quantity.ts';

export const powerAndLightQuantities = [
  // One channel a phase: current.L1. Smart Data Models has one attribute a phase: intensityR, S, T.
  gauge('current', 'strøm', 'current', 'A', [0, 2000], { decimals: 1, ...sdm('StreetlightControlCabinet.intensity') }),
  gauge('activePower', 'effekt', 'active power', 'kW', [-5000, 5000], {
    decimals: 2,
    ...sdm('StreetlightControlCabinet.activePower'),
  }),
  counter('energy', 'elforbrug', 'electricity consumption', 'kW.h', [0, UNBOUNDED], {
    decimals: 1,
    ...sdm('StreetlightControlCabinet.energyConsumed'),
  }),
  counter('heatEnergy', 'varmeforbrug', 'heat consumption', 'MW.h', [0, UNBOUNDED], { decimals: 2 }),
  state(
    'mainsPower',
    'netspænding',
    'mains power',
    [
      ['on', 'strøm på', 'on'],
      ['off', 'strøm væk', 'off'],
    ],
    { booleans: ['off', 'on'] },
  ),
  state(
    'doorState',
    'dør',
    'door',
    [
      ['closed', 'lukket', 'closed'],
      ['open', 'åben', 'open'],
    ],
    { booleans: ['closed', 'open'] },
  ),
  state(
    'powerState',
    'tændt/slukket',
    'power state',
    [
      ['off', 'slukket', 'off'],
      ['low', 'dæmpet', 'low'],
      ['on', 'tændt', 'on'],
    ],
    { booleans: ['off', 'on'], ...sdm('Streetlight.powerState') },
  ),
  gauge('dimLevel', 'dæmpning', 'dim level', '%', [0, 100], {
    decimals: 0,
    ...sdm('Streetlight.illuminanceLevel', 0.01),
  }),
  state(
    'lampStatus',
    'lampefejl',
    'lamp status',
    [
      ['ok', 'ok', 'ok'],
      ['defectiveLamp', 'defekt lyskilde', 'defective lamp'],
      ['brokenLantern', 'ødelagt armatur', 'broken lantern'],
      ['columnIssue', 'fejl på mast', 'column issue'],
    ],
    sdm('Streetlight.status'),
  ),
];
