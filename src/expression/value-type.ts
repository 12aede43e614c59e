/** What a property can be. A time is milliseconds since 1970, a place is degrees of latitude and longitude, `categories` are several names. */
export type ValueType = "number" | "boolean" | "text" | "time" | "category" | "categories" | "vector" | "place";

/**
 * What a part of an expression can be. `unknown` is a value of the request that nothing has said the type of yet, `numbers` a list of
 * numbers, `null` what has no value whatever the item.
 */
export type Type = ValueType | "numbers" | "null" | "unknown";

const words: Readonly<Record<Type, string>> = {
  number: "a number",
  boolean: "true or false",
  text: "text",
  time: "a time",
  category: "a category",
  categories: "a list of names",
  numbers: "a list of numbers",
  vector: "a vector",
  place: "a place",
  null: "null",
  unknown: "of a type not known",
};

/** A type for people: `a number`. */
export function typeWords(type: Type): string {
  return words[type];
}

/** Whether values of the type are kept as one number: booleans as 0 and 1, times as milliseconds. */
export function isNumeric(type: Type): boolean {
  return type === "number" || type === "boolean" || type === "time";
}

/** Whether values of the type are read as one text. */
export function isTextual(type: Type): boolean {
  return type === "text" || type === "category";
}
