// biome-ignore-all lint: written as vendors write theirs
/* Decentlab DL-5TM and DL-PR26, TS013: version, device, flags, then 16-bit words; written from the user guides, table-driven as vendors write theirs. */
var SENSORS = {
  'dl-5tm': [
    {
      length: 2,
      values: [
        { name: 'dielectric_permittivity', convert: (x) => x[0] / 50 },
        {
          name: 'volumetric_water_content',
          convert: (x) => {
            var e = x[0] / 50;
            return 0.0000043 * e ** 3 - 0.00055 * e ** 2 + 0.0292 * e - 0.053;
          },
        },
        { name: 'soil_temperature', convert: (x) => (x[1] - 400) / 10 },
      ],
    },
    { length: 1, values: [{ name: 'battery_voltage', convert: (x) => x[0] / 1000 }] },
  ],
};

function decodeUplink(input) {
  var bytes = input.bytes;
  if (bytes.length < 5 || bytes[0] !== 2) return { errors: ['protocol version ' + bytes[0]] };
  var data = { protocol_version: bytes[0], device_id: word(bytes, 1) };
  var flags = word(bytes, 3);
  var at = 5;
  var sensors = SENSORS['dl-5tm'];
  for (var i = 0; i < sensors.length; i++, flags >>= 1) {
    if ((flags & 1) !== 1) continue;
    var x = [];
    for (var j = 0; j < sensors[i].length; j++, at += 2) x.push(word(bytes, at));
    for (var k = 0; k < sensors[i].values.length; k++) {
      var sensor = sensors[i].values[k];
      data[sensor.name] = { value: sensor.convert(x) };
    }
  }
  return { data: data };
}

function word(bytes, at) {
  return (bytes[at] << 8) | bytes[at + 1];
}
