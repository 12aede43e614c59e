/**
 * Takes ownership of bytes, without copying them if they fill their buffer; the caller's buffer is then empty. All storages do this, so
 * code that keeps using the bytes fails with every storage, not just with one.
 */
export function takeBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return structuredClone(bytes, { transfer: [buffer] });
  // Not slice(): on a Buffer it doesn't copy.
  return new Uint8Array(bytes);
}
