import type { FeatureSchema } from "../data/feature-values.ts";
import type { FeatureColumn, FeatureTable } from "../data/features.ts";
import { readText, type Tensor, textTensors } from "./safetensors.ts";

type Tensors = Readonly<Record<string, Tensor | undefined>>;

/** The arrays of a feature table by name. To read them back, {@link readFeatures} also needs the schema. */
export function featureTensors(prefix: string, table: FeatureTable): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, column] of Object.entries(table)) {
    const at = `${prefix}.${name}`;
    switch (column.type) {
      case "number":
      case "time":
      case "vector":
        tensors[`${at}.values`] = column.values;
        break;
      case "text":
        Object.assign(tensors, textTensors(at, column.values));
        break;
      case "place":
        tensors[`${at}.latitude`] = column.latitude;
        tensors[`${at}.longitude`] = column.longitude;
        break;
      case "categories":
        tensors[`${at}.offsets`] = column.offsets;
        Object.assign(tensors, { [`${at}.codes`]: column.codes }, textTensors(at, column.names));
        break;
      case "category":
        Object.assign(tensors, { [`${at}.codes`]: column.codes }, textTensors(at, column.names));
    }
  }
  return tensors;
}

/** @throws Error if an array is missing */
export function readFeatures(prefix: string, schema: FeatureSchema, tensors: Tensors): FeatureTable {
  const array = <T extends Tensor>(name: string, kind: new () => T): T => {
    const found = tensors[name];
    if (!(found instanceof kind)) throw new Error(`${name} is missing`);
    return found;
  };
  const column = (at: string, { type, dimensions = 0 }: FeatureSchema[string]): FeatureColumn => {
    switch (type) {
      case "number":
      case "time":
        return { type, values: array(`${at}.values`, Float64Array) };
      case "vector":
        return { type, dimensions, values: array(`${at}.values`, Float32Array) };
      case "text":
        return { type, values: readText(at, tensors) };
      case "place":
        return { type, latitude: array(`${at}.latitude`, Float64Array), longitude: array(`${at}.longitude`, Float64Array) };
      case "category":
        return { type, codes: array(`${at}.codes`, Uint32Array), names: readText(at, tensors) };
      case "categories": {
        const [offsets, codes] = [array(`${at}.offsets`, Uint32Array), array(`${at}.codes`, Uint32Array)];
        return { type, offsets, codes, names: readText(at, tensors) };
      }
    }
  };
  return Object.fromEntries(Object.entries(schema).map(([name, kind]) => [name, column(`${prefix}.${name}`, kind)]));
}
