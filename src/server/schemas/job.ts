import { Type } from "typebox";
import { Moment } from "./ids.ts";

export const JobRecord = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({ description: "`train`, `update`, `import`, `export` or `retention`." }),
    state: Type.String({ description: "`waiting`, `running`, `done`, `failed` or `cancelled`." }),
    trigger: Type.String({ description: "What started it: `manual`, `schedule`, `events`, `drift`, `first`." }),
    created: Moment,
    started: Type.Optional(Moment),
    finished: Type.Optional(Moment),
    progress: Type.Optional(Type.Number({ description: "In [0, 1]; absent while unknown." })),
    task: Type.String({ description: "What it is doing now." }),
    error: Type.Optional(Type.String({ description: "Why it failed." })),
    result: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false, title: "Job" },
);
