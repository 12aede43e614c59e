import type { Dataset } from "../dataset.ts";
import type { LoadOptions } from "../load.ts";
import type { RepeatPolicy } from "../repeats.ts";

/** A well-known arrangement of files, by the name that `loadDataset` takes. */
export interface Layout {
  readonly name: string;
  /** One line for people: what the files look like. */
  readonly about: string;
  /** What becomes of repeats unless the caller says; "last" when absent. */
  readonly repeats?: RepeatPolicy;
  /** Reads a folder of that arrangement, or one file of interactions; plain or gzipped. Repeats stay. */
  load(source: string, options: LoadOptions): Promise<Dataset>;
  /** The two files of the split that comes with the data. */
  parts?(folder: string): Promise<{ readonly train: string; readonly test: string }>;
}
