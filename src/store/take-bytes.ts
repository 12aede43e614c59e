/**
 * Takes bytes over from whoever made them: without a copy where they fill their buffer, which is empty for the giver from then on. All
 * storages take bytes alike, so that code which goes on using them fails with every storage and not with one alone.
 */
export function takeBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return structuredClone(bytes, { transfer: [buffer] });
  // Not slice(): that of a Buffer copies nothing.
  return new Uint8Array(bytes);
}
