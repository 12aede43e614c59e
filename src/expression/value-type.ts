/** The type of a property. A time is milliseconds since 1970, a place is latitude and longitude in degrees, `categories` are several names. */
export type ValueType = "number" | "boolean" | "text" | "time" | "category" | "categories" | "vector" | "place";

/**
 * The type of a part of an expression. `unknown` is a value from the request whose type isn't determined yet, `numbers` a list of numbers,
 * `null` something without a value for any item.
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
  unknown: "of unknown type",
};

/** A type in words: `a number`. */
export function typeWords(type: Type): string {
  return words[type];
}

/** Whether values of the type are stored as one number: booleans as 0 and 1, times as milliseconds. */
export function isNumeric(type: Type): boolean {
  return type === "number" || type === "boolean" || type === "time";
}

/** Whether values of the type are read as one text. */
export function isTextual(type: Type): boolean {
  return type === "text" || type === "category";
}
