import type { Dataset } from "../dataset.ts";
import type { LoadOptions } from "../load.ts";
import type { RepeatPolicy } from "../repeats.ts";

/** The file layout of a public data set, by the name that `loadDataset` accepts. */
export interface Layout {
  readonly name: string;
  /** A one-line description of the files. */
  readonly about: string;
  /** How repeats are handled by default; "last" if omitted. */
  readonly repeats?: RepeatPolicy;
  /** Reads a folder with this layout, or one file of interactions; plain or gzipped. Repeats are kept. */
  load(source: string, options: LoadOptions): Promise<Dataset>;
  /** The two files of the split that comes with the data set. */
  parts?(folder: string): Promise<{ readonly train: string; readonly test: string }>;
}
