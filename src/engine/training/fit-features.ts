import { type FeatureValue, type FeatureValues, featureTable, schemaOfValues } from "../../data/feature-values.ts";
import type { FeatureTable } from "../../data/features.ts";
import { takeFeatures } from "../../data/features.ts";
import type { Need } from "../../model/needs.ts";
import type { Entity, ProjectStore } from "../../store/store.ts";
import type { ProjectConfig } from "../config/config.ts";

/** Features of a project's items and users by index: plain data and typed arrays, for `postMessage` or `v8.serialize`. */
export interface FitFeatures {
  readonly items: FeatureTable;
  readonly users: FeatureTable;
}

export const NO_FEATURES: FitFeatures = { items: {}, users: {} };

const PAGE = 1000;

/** A copy of the features that models need; empty if none do. Yields to other work between pages of users. */
export async function fitFeatures(
  store: Pick<ProjectStore, "catalog" | "users" | "listUsers">,
  needs: ReadonlySet<Need>,
  types: ProjectConfig["users"] = {},
): Promise<FitFeatures> {
  const { columns, size } = store.catalog;
  const items = needs.has("itemFeatures")
    ? takeFeatures(
        columns,
        Int32Array.from({ length: size }, (_, i) => i),
      )
    : {};
  return { items, users: needs.has("userFeatures") ? await userFeatures(store, types) : {} };
}

async function userFeatures(
  store: Pick<ProjectStore, "users" | "listUsers">,
  types: NonNullable<ProjectConfig["users"]>,
): Promise<FeatureTable> {
  const rows: FeatureValues[] = Array.from({ length: store.users.size }, () => ({}));
  for (let after: string | undefined; ; ) {
    const page = store.listUsers({ limit: PAGE, ...(after !== undefined && { after }) });
    for (const { id, properties } of page) {
      const index = store.users.indexOf(id);
      if (index >= 0 && index < rows.length) rows[index] = valuesOf(properties, types);
    }
    if (page.length < PAGE) break;
    after = page[page.length - 1].id;
    await new Promise(setImmediate);
  }
  return featureTable(schemaOfValues(rows, "user"), rows, "user");
}

function valuesOf(properties: Entity["properties"], types: NonNullable<ProjectConfig["users"]>): FeatureValues {
  const values: Record<string, FeatureValue> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === null) continue;
    const type = types[name];
    if (type === "time" && typeof value === "number") values[name] = new Date(value);
    else if (type === "place" && Array.isArray(value)) values[name] = { latitude: Number(value[0]), longitude: Number(value[1]) };
    else values[name] = value;
  }
  return values;
}
