import type { GivenColumns } from "./columns.ts";
import type { Dialect } from "./sniff.ts";

/** The input of a reader of one file. */
export interface ReadRequest {
  readonly name: string;
  readonly blocks: AsyncIterable<Uint8Array>;
  /** Bytes in the file; 0 when unknown. */
  readonly size: number;
  /** Whether the file itself has these bytes, so that any part of it can be read directly. */
  readonly plain: boolean;
  /** Called with the bytes of the file read so far, and the rows in them (by default, the rows of the collector). */
  readonly onBytes?: (read: number, rows?: number) => void;
  readonly given: GivenColumns;
  readonly delimiter?: string;
  readonly header?: boolean;
  /** The dialect of the previous files, which this one must share. */
  readonly dialect?: Dialect;
  readonly signal?: AbortSignal;
}
