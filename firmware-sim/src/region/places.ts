/**
 * Sixteen invented municipalities. None is real, and no real one is meant: the points only lie on land inside Region
 * Midtjylland, so that a map looks right. Codes are from 99xx, which no Danish municipality has.
 */
import type { Position } from '../kind.ts';

export interface Place {
  id: string;
  /** Of the municipality, without the word. */
  name: string;
  municipalityCode: string;
  centre: Position;
  /** On land by the water, where the coast is near enough. */
  shore?: Position;
}

export const PLACES: readonly Place[] = [
  place('egholt', 'Egholt', 1, 56.4785, 9.8761, 56.55289, 9.867),
  place('birkelund', 'Birkelund', 2, 56.4751, 9.1057, 56.55757, 9.0816),
  place('klitmose', 'Klitmose', 3, 56.4421, 8.3054, 56.42707, 8.16927),
  place('mollebaek', 'Møllebæk', 4, 56.4089, 10.2827, 56.46638, 10.27224),
  place('fjordvig', 'Fjordvig', 5, 56.3901, 10.6866, 56.38388, 10.91139),
  place('hedelund', 'Hedelund', 6, 56.342, 8.7504, 56.46998, 8.69751),
  place('lyngsoe', 'Lyngsø', 7, 56.3188, 9.4571),
  place('ravnsholt', 'Ravnsholt', 8, 56.1881, 9.9723, 56.15806, 10.21218),
  place('vestermose', 'Vestermose', 9, 56.1863, 8.4527, 56.29643, 8.27976),
  place('hojkaer', 'Højkær', 10, 56.164, 8.9759),
  place('skovaa', 'Skovå', 11, 56.1023, 9.6541),
  place('aadal', 'Ådal', 12, 56.0032, 9.0178),
  place('granslev', 'Granslev', 13, 55.975, 10.0023, 55.88186, 9.99919),
  place('kirkeby', 'Kirkedal', 14, 55.942, 9.5415),
  place('tornbjerg', 'Tornbjerg', 15, 55.9244, 8.51, 55.93351, 8.38263),
  place('soenderaa', 'Sønderå', 16, 55.7905, 9.9457, 55.82933, 9.96041),
];

function place(
  id: string,
  name: string,
  number: number,
  lat: number,
  lon: number,
  shoreLat?: number,
  shoreLon?: number,
): Place {
  return {
    id,
    name,
    municipalityCode: `99${String(number).padStart(2, '0')}`,
    centre: { lat, lon },
    ...(shoreLat !== undefined && shoreLon !== undefined ? { shore: { lat: shoreLat, lon: shoreLon } } : {}),
  };
}

export const STREETS: readonly string[] = [
  'Stationsvej',
  'Skolegade',
  'Nørregade',
  'Søndergade',
  'Østergade',
  'Vestergade',
  'Kirkevej',
  'Møllevej',
  'Åvej',
  'Engvej',
  'Bakkevej',
  'Skovvej',
  'Rådhusgade',
  'Torvet',
  'Algade',
  'Jernbanegade',
  'Havnegade',
  'Strandvejen',
  'Industrivej',
  'Parkvej',
  'Idrætsvej',
  'Biblioteksgade',
  'Lindealle',
  'Rosenvænget',
  'Elmevej',
  'Bøgevej',
  'Birkevej',
  'Mosevej',
  'Markvej',
  'Hovedgaden',
  'Ringvejen',
  'Fabriksvej',
  'Smedegade',
  'Bredgade',
  'Lillegade',
  'Præstevænget',
  'Dalvej',
  'Højvangen',
  'Kildevej',
  'Teglværksvej',
];

export const SCHOOLS: readonly string[] = [
  'Engskolen',
  'Skovskolen',
  'Åskolen',
  'Bakkeskolen',
  'Parkskolen',
  'Møllevangskolen',
];
