/** Size of one blob row: large enough to make per-row overhead negligible, small enough not to hold up other writes. */
export const CHUNK_BYTES = 1 << 20;

/** Splits the bytes into newly allocated pieces of {@link CHUNK_BYTES}. The last one may be shorter. */
export async function* blobChunks(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.byteLength; ) {
      const taken = Math.min(chunk.byteLength - at, CHUNK_BYTES - filled);
      piece.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < CHUNK_BYTES) continue;
      yield piece;
      piece = new Uint8Array(CHUNK_BYTES);
      filled = 0;
    }
  if (filled > 0) yield piece.slice(0, filled);
}
