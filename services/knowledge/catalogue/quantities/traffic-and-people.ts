/** Vehicles, people and parking. Directions and lanes are channels: vehicleCount.north, peopleCount.inbound. */
import { gauge, interval, sdm, state } from '../quantity.ts';

export const trafficAndPeopleQuantities = [
  interval('vehicleCount', 'antal køretøjer', 'vehicles', '{vehicle}', [0, 20_000], {
    decimals: 0,
    ...sdm('TrafficFlowObserved.intensity'),
  }),
  gauge('averageVehicleSpeed', 'middelhastighed', 'average speed', 'km/h', [0, 250], {
    decimals: 0,
    ...sdm('TrafficFlowObserved.averageVehicleSpeed'),
  }),
  gauge('speedV85', '85 %-fraktil af hastighed', '85th percentile speed', 'km/h', [0, 250], { decimals: 0 }),
  interval('peopleCount', 'antal passager', 'people passing', '{person}', [0, 50_000], {
    decimals: 0,
    ...sdm('CrowdFlowObserved.peopleCount'),
  }),
  gauge('peopleInside', 'personer til stede', 'people inside', '{person}', [0, 50_000], {
    decimals: 0,
    ...sdm('IndoorEnvironmentObserved.peopleCount'),
  }),
  state(
    'spotState',
    'plads',
    'parking space',
    [
      ['free', 'ledig', 'free'],
      ['occupied', 'optaget', 'occupied'],
      ['closed', 'spærret', 'closed'],
      ['unknown', 'ukendt', 'unknown'],
    ],
    { booleans: ['free', 'occupied'], ...sdm('ParkingSpot.status') },
  ),
  gauge('availableSpots', 'ledige pladser', 'available spaces', '{space}', [0, 20_000], {
    decimals: 0,
    ...sdm('OnStreetParking.availableSpotNumber'),
  }),
  gauge('occupancy', 'belægning', 'occupancy', '%', [0, 100], {
    decimals: 0,
    ...sdm('OnStreetParking.occupancy', 0.01),
  }),
];
