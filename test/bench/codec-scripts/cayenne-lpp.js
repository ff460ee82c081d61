// biome-ignore-all lint: written as vendors write theirs
/* Cayenne LPP, TS013 in the language of today: a table of types, a class that reads; written from the myDevices documentation. */

const TYPES = new Map([
  [0x00, { name: 'digitalInput', size: 1, read: (r) => r.unsigned(1) }],
  [0x01, { name: 'digitalOutput', size: 1, read: (r) => r.unsigned(1) }],
  [0x02, { name: 'analogInput', size: 2, read: (r) => r.signed(2) / 100 }],
  [0x65, { name: 'illuminance', size: 2, read: (r) => r.unsigned(2) }],
  [0x66, { name: 'presence', size: 1, read: (r) => r.unsigned(1) }],
  [0x67, { name: 'temperature', size: 2, read: (r) => r.signed(2) / 10 }],
  [0x68, { name: 'humidity', size: 1, read: (r) => r.unsigned(1) / 2 }],
  [
    0x71,
    {
      name: 'accelerometer',
      size: 6,
      read: (r) => ({ x: r.signed(2) / 1000, y: r.signed(2) / 1000, z: r.signed(2) / 1000 }),
    },
  ],
  [0x73, { name: 'barometer', size: 2, read: (r) => r.unsigned(2) / 10 }],
  [
    0x88,
    {
      name: 'gps',
      size: 9,
      read: (r) => ({ latitude: r.signed(3) / 1e4, longitude: r.signed(3) / 1e4, altitude: r.signed(3) / 100 }),
    },
  ],
]);

class Reader {
  #bytes;
  #at = 0;
  constructor(bytes) {
    this.#bytes = bytes;
  }
  get left() {
    return this.#bytes.length - this.#at;
  }
  unsigned(size) {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.#bytes[this.#at++];
    return value;
  }
  signed(size) {
    const value = this.unsigned(size);
    return value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
  }
}

const decodeUplink = ({ bytes }) => {
  const reader = new Reader(bytes);
  const data = {};
  while (reader.left > 2) {
    const channel = reader.unsigned(1);
    const type = TYPES.get(reader.unsigned(1));
    if (!type || reader.left < type.size) return { data, warnings: [`channel ${channel} cannot be read`] };
    data[`${type.name}_${channel}`] = type.read(reader);
  }
  return { data };
};

module.exports = { decodeUplink };
