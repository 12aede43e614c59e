/** Temporary names of files being written. */
const unfinished = new Set<string>();

/** Temporary files of writes in progress. The command line removes them when it is interrupted. */
export function unfinishedFiles(): readonly string[] {
  return [...unfinished];
}

/**
 * Writes a file atomically: `write` fills a temporary file next to it, which is flushed to disk and renamed to `path`. If `write` throws, the
 * temporary file is removed and `path` keeps its old contents.
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
