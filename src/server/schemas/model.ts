import { Type } from "typebox";
import { Moment } from "./ids.ts";

const Figures = Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]));

export const ModelRecord = Type.Object(
  {
    id: Type.String(),
    slot: Type.String({ description: "Which place it serves: `main` for the one that training chooses." }),
    model: Type.String(),
    options: Type.Record(Type.String(), Type.Unknown()),
    state: Type.String({ description: "`in-service`, `kept` or `rejected`." }),
    created: Moment,
    events: Type.Integer({ description: "Events that it learned from." }),
    bytes: Type.Integer(),
    fitSeconds: Type.Number(),
    metrics: { ...Figures, description: "On the newest events, which it had not seen." },
    metricsBefore: Type.Optional({ ...Figures, description: "Those of the model that was in service at the time." }),
    reason: Type.String({ description: "Why it was promoted or rejected." }),
  },
  { additionalProperties: false, title: "Model" },
);
