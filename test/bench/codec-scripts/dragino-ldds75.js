// biome-ignore-all lint: written as vendors write theirs
/* Dragino LDDS75, TS013 with the older function behind it, as the vendor ships them; written from the user manual. */
function Decoder(bytes, port) {
  var len = bytes.length;
  var voltage = ((bytes[0] << 8) | bytes[1]) & 0x3fff;
  if (len === 5) return { Bat: voltage / 1000, Interrupt_flag: bytes[4] };
  var distance = (bytes[2] << 8) | bytes[3];
  var temperature = ((bytes[5] << 24) >> 16) | bytes[6];
  return {
    Bat: voltage / 1000,
    Distance: distance,
    Interrupt_flag: bytes[4],
    TempC_DS18B20: (temperature / 10).toFixed(2),
    Sensor_flag: bytes[7],
  };
}

function decodeUplink(input) {
  return { data: Decoder(input.bytes, input.fPort), errors: [], warnings: [] };
}
