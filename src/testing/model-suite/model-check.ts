import type { ModelFactory } from "../../model/define-model.ts";

/** One thing that every model must do. `run` throws when it does not. */
export interface ModelCheck {
  /** What it proves, for a test's title. */
  readonly name: string;
  run(factory: ModelFactory): Promise<void>;
}
