/**
 * Types of properties of items and users:
 *
 * - `number`, `boolean`, `text` (free text: titles, descriptions), `time` (milliseconds since 1970, or ISO 8601 text);
 * - `category` (one of some names), `categories` (several);
 * - `vector` (a fixed number of numbers, for embeddings), `place` (`[latitude, longitude]` in degrees).
 */
export type PropertyType = "number" | "boolean" | "text" | "time" | "category" | "categories" | "vector" | "place";

/** A property as it comes and goes over HTTP. null is the same as absent. */
export type PropertyValue = string | number | boolean | null | readonly string[] | readonly number[];
