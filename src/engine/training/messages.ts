import type { FitFeatures } from "./fit-features.ts";
import type { FitOrder, PackedModel, SlotOutcome } from "./fit-order.ts";

/** The first message to a training thread: either to fit, followed by the segments of the event log and `end`, or to load a model file. */
export type ThreadOrder =
  | {
      readonly type: "fit";
      readonly order: FitOrder;
      readonly features: FitFeatures;
      /** Where to write new models. */
      readonly folder: string;
      /** The files of the live models, by slot. */
      readonly files: ReadonlyMap<string, string>;
    }
  | { readonly type: "load"; readonly path: string; readonly modules: readonly string[] };

export type ToThread = ThreadOrder | { readonly type: "segment"; readonly bytes: Uint8Array } | { readonly type: "end" | "stop" };

export type FromThread =
  | { readonly type: "progress"; readonly progress: number; readonly task: string }
  | { readonly type: "outcome"; readonly outcome: SlotOutcome }
  | { readonly type: "loaded"; readonly packed: PackedModel }
  /** Everything is done. */
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly code: string | undefined; readonly message: string };
