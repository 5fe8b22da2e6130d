// A capture made here: TCP connections without payload, every tenth refused.

/**
 * `count` connections as the bytes of a pcap file. Clients are 10.0.0.1 to 10.0.0.10, ports of servers 8443 and 5061. The
 * first connection then repeats its end `repeated` times: the engine waits for late packets before it calls one ended.
 */
export function connections(count, repeated = 0) {
  const records = [];
  let frame = 0;
  const packet = (from, to, flags, sequence) => {
    const bytes = Buffer.alloc(16 + 14 + 20 + 20);
    bytes.writeUInt32LE(1_790_000_000 + Math.floor(frame / 1000), 0);
    bytes.writeUInt32LE((frame % 1000) * 1000, 4);
    bytes.writeUInt32LE(54, 8);
    bytes.writeUInt32LE(54, 12);
    frame += 1;
    bytes.writeUInt16BE(0x0800, 28);
    bytes.writeUInt8(0x45, 30);
    bytes.writeUInt16BE(40, 32);
    bytes.writeUInt8(64, 38);
    bytes.writeUInt8(6, 39);
    from.address.forEach((byte, index) => bytes.writeUInt8(byte, 42 + index));
    to.address.forEach((byte, index) => bytes.writeUInt8(byte, 46 + index));
    bytes.writeUInt16BE(from.port, 50);
    bytes.writeUInt16BE(to.port, 52);
    bytes.writeUInt32BE(sequence, 54);
    bytes.writeUInt32BE(flags & ACK ? 1 : 0, 58);
    bytes.writeUInt8(0x50, 62);
    bytes.writeUInt8(flags, 63);
    records.push(bytes);
  };
  for (let number = 0; number < count; number += 1) {
    const client = { address: [10, 0, 0, 1 + (number % 10)], port: 20_000 + number };
    const server = { address: [10, 1, 1, 1], port: number % 20 < 10 ? 8443 : 5061 };
    packet(client, server, SYN, 0);
    if (number % 10 === 9) {
      packet(server, client, RST | ACK, 0);
    } else {
      packet(server, client, SYN | ACK, 0);
      packet(client, server, FIN | ACK, 1);
      packet(server, client, FIN | ACK, 1);
    }
  }
  for (let number = 0; number < repeated; number += 1) packet({ address: [10, 1, 1, 1], port: 8443 }, { address: [10, 0, 0, 1], port: 20_000 }, FIN | ACK, 1);
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(1, 20);
  return Buffer.concat([head, ...records]);
}

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
