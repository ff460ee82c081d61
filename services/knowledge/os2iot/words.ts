/** Why the importer did or left something, in both languages: whoever moves reads it in a report. */
import type { Text } from '../../model/rule.ts';

export const words = {
  tag: (tag: string): Text => ({
    da: `Bliver til mærkatet "${tag}" på applikationens objekter.`,
    en: `Becomes the tag "${tag}" on the application's assets.`,
  }),
  chooseType: {
    da: 'Det fremgår ikke sikkert, hvilken objekttype enhederne hører til. Vælg den i mapping.',
    en: 'It does not follow for certain which asset type the devices belong to. Choose it in mapping.',
  },
  chooseModel: {
    da: 'Enheden har ingen dekoder i OS2iot. Vælg en sensormodel i mapping.',
    en: 'The device has no decoder in OS2iot. Choose a device model in mapping.',
  },
  severalDecoders: {
    da: 'Enheden har flere dekodere i OS2iot. Vælg en sensormodel i mapping.',
    en: 'The device has several decoders in OS2iot. Choose a device model in mapping.',
  },
  contactsLeft: {
    da: 'Kontaktpersonens navn, telefon og mailadresse er personoplysninger og er ikke taget med.',
    en: 'Name, phone and mail address of the contact person are personal data and were not taken along.',
  },
  contact: (mail: string): Text => ({
    da: `Funktionspostkasse i OS2iot: ${mail}. Opret den som modtager af alarmer, hvis den skal have dem.`,
    en: `Shared mailbox in OS2iot: ${mail}. Make it a target of alerts if it is to get them.`,
  }),
  personalData: {
    da: 'Applikationen er mærket med personoplysninger.',
    en: 'The application is marked as holding personal data.',
  },
  noEui: { da: 'Enheden har ingen gyldig DevEUI.', en: 'The device has no valid DevEUI.' },
  euiTaken: (device: string): Text => ({
    da: `Sensoren ${device} har allerede denne DevEUI.`,
    en: `The device ${device} has this DevEUI already.`,
  }),
  noKey: {
    da: 'OS2iot gav ingen API-nøgle. Opret en adgangskode til enheden her.',
    en: 'OS2iot gave no API key. Give the device a secret here.',
  },
  keyTaken: {
    da: 'En anden sensor har allerede enhedens API-nøgle, så den er ikke overtaget.',
    en: 'Another device has the API key already, so it was not taken over.',
  },
  keysStay: {
    da: 'LoRaWAN-nøglerne bliver på netværksserveren.',
    en: 'The LoRaWAN keys stay at the network server.',
  },
  mqttSecret: {
    da: 'Adgangskode og certifikat kan ikke læses fra OS2iot. Opret en ny adgangskode her, og ret vært, brugernavn og topic i enheden.',
    en: 'Password and certificate cannot be read from OS2iot. Make a secret here and set host, user name and topic in the device.',
  },
  foreignBroker: (url: string, topic: string): Text => ({
    da: `OS2iot henter enhedens data fra en anden broker (${url}, topic ${topic}). Opret en kilde af typen mqtt i stedet.`,
    en: `OS2iot reads the device's data from another broker (${url}, topic ${topic}). Add a source of the kind mqtt instead.`,
  }),
  otherType: (type: string): Text => ({
    da: `Enhedstypen ${type} kendes ikke.`,
    en: `The device type ${type} is not known.`,
  }),
  idTaken: { da: 'Id’et er allerede i brug.', en: 'The id is in use already.' },
  keepsType: {
    da: 'Objektet findes allerede med en anden objekttype og beholder den.',
    en: 'The asset is there already with another type, and keeps it.',
  },
  metadataLeft: (keys: readonly string[]): Text => ({
    da: `Metadata uden tilsvarende egenskab er ikke taget med: ${keys.join(', ')}.`,
    en: `Metadata without an attribute here were not taken along: ${keys.join(', ')}.`,
  }),
  attributeDiffers: (name: string): Text => ({
    da: `Egenskaben ${name} har en anden værdi her og er ikke ændret.`,
    en: `The attribute ${name} has another value here and was not changed.`,
  }),
  commentsLeft: {
    da: 'Kommentarer er fri tekst og er ikke taget med.',
    en: 'Comments are free text and were not taken along.',
  },
  builtInModel: (model: string): Text => ({
    da: `Sensormodellen ${model} er indbygget og kan bruges i stedet for dekoderen.`,
    en: `The device model ${model} is built in and may be used instead of the decoder.`,
  }),
  decoderUnused: {
    da: 'Ingen af de valgte enheder bruger dekoderen.',
    en: 'None of the chosen devices uses the decoder.',
  },
  decoderUnfit: { da: 'Dekoderen er tom eller for stor.', en: 'The decoder is empty or too large.' },
  decoderFails: (error: string): Text => ({
    da: `Dekoderen kan ikke læses: ${error.slice(0, 300)}`,
    en: `The decoder cannot be read: ${error.slice(0, 300)}`,
  }),
  decoderMapping: {
    da: 'Angiv i sensormodellen, hvilke målinger dekoderens felter er. Felter med vores navne virker uden.',
    en: 'Say in the device model which quantities the members of its answer are. Members with our names work without.',
  },
  pushTarget: {
    da: 'Peg datamålet på /api/v1/os2iot/feed for at sammenligne, mens begge kører.',
    en: 'Point the data target at /api/v1/os2iot/feed to compare while both run.',
  },
  targetLeft: {
    da: 'Datamål flyttes ikke. Opsæt deling eller en modtager her.',
    en: 'Data targets do not move. Set up sharing or a receiver here.',
  },
  gatewayOrganisation: {
    da: 'Angiv organizationId, så kun jeres egne gateways tages med.',
    en: 'Give organizationId, so that only your own gateways come along.',
  },
  unreadable: (path: string): Text => ({
    da: `${path} kunne ikke læses med denne nøgle.`,
    en: `${path} could not be read with this key.`,
  }),
  undocumented: (path: string): Text => ({
    da: `${path} svarede med noget andet end det dokumenterede.`,
    en: `${path} answered something else than documented.`,
  }),
} satisfies Record<string, Text | ((...args: never[]) => Text)>;
