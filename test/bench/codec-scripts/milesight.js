// biome-ignore-all lint: written as vendors write theirs
/* Milesight EM family, TS013: channel and type, then the value; written from the user guide, as vendors write theirs. */
function decodeUplink(input) {
  var bytes = input.bytes;
  var decoded = {};
  var i = 0;
  var channel;
  var type;
  while (i + 1 < bytes.length) {
    channel = bytes[i++];
    type = bytes[i++];
    if (channel === 0x01 && type === 0x75) {
      decoded.battery = bytes[i];
      i += 1;
    } else if (channel === 0x03 && type === 0x67) {
      decoded.temperature = readInt16LE(bytes.slice(i, i + 2)) / 10;
      i += 2;
    } else if (channel === 0x04 && type === 0x68) {
      decoded.humidity = bytes[i] / 2;
      i += 1;
    } else if (channel === 0x04 && type === 0x82) {
      decoded.distance = readUInt16LE(bytes.slice(i, i + 2));
      i += 2;
    } else if (channel === 0x05 && type === 0x00) {
      decoded.position = bytes[i] === 0 ? 'normal' : 'tilt';
      i += 1;
    } else {
      return { data: decoded, warnings: ['unknown channel ' + channel] };
    }
  }
  return { data: decoded };
}

function readUInt16LE(bytes) {
  return ((bytes[1] << 8) + bytes[0]) & 0xffff;
}

function readInt16LE(bytes) {
  var value = readUInt16LE(bytes);
  return value > 0x7fff ? value - 0x10000 : value;
}
