/** Files being written now, by their temporary names; removed when the process is told to stop. */
const unfinished = new Set<string>();

/** Temporary files of writes under way. A command line removes them when it is interrupted. */
export function unfinishedFiles(): readonly string[] {
  return [...unfinished];
}

/**
 * Writes a file whole or not at all: `write` fills a temporary file beside it, which is flushed to disk and renamed over `path`. When
 * `write` throws, nothing is left and what stood at `path` stands there still.
 */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const { open, rename, rm } = await import("node:fs/promises");
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2, 8)}.tmp`;
  unfinished.add(temporary);
  try {
    await write(temporary);
    const file = await open(temporary, "r+");
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
}
