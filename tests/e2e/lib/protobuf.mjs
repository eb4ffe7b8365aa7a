// Protocol Buffers, as far as the fixtures need them written.

/** A whole number of up to 53 bits, seven bits a byte. */
export function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

export const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);
export const bytesField = (tag, bytes) => Buffer.concat([varint(tag * 8 + 2), varint(bytes.length), bytes]);
export const textField = (tag, text) => bytesField(tag, Buffer.from(text));
export const numberField = (tag, value) => Buffer.concat([varint(tag * 8), varint(value)]);
export const packedField = (tag, values) => bytesField(tag, Buffer.concat(values.map(varint)));

/** What each number adds to the one before. */
export const steps = (values) => values.map((value, at) => value - (values[at - 1] ?? 0));
