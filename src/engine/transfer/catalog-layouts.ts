import { decimalOf, parseWithDecimal } from "../../data/readers/decimal-comma.ts";

/** What a cell of a column says of an item: its `id`, whether it is `hidden`, and properties. */
type Says = (cell: string) => Readonly<Record<string, unknown>>;

/** The columns of a shop system's product export. */
interface CatalogLayout {
  readonly name: string;
  /** Columns that no other export has together. */
  readonly signature: readonly string[];
  readonly columns: Readonly<Record<string, Says>>;
  /** The column that is empty in rows which only add to the product of the row before: its variants and pictures. */
  readonly leading?: string;
}

const text =
  (property: string): Says =>
  (cell) => ({ [property]: cell });
const list =
  (property: string, separator: RegExp = /,/): Says =>
  (cell) => ({
    [property]: cell
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  });
const first =
  (property: string): Says =>
  (cell) => ({ [property]: cell.split(",")[0].trim() });
const plain =
  (property: string): Says =>
  (cell) => ({
    [property]: cell
      .replace(/<[^>]*>/g, " ")
      .replace(/&nbsp;/g, " ")
      .replace(/&amp;/g, "&")
      .replace(/\s+/g, " ")
      .trim(),
  });
const hiddenUnless =
  (...shown: readonly string[]): Says =>
  (cell) =>
    shown.includes(cell.toLowerCase()) ? {} : { hidden: true };

/** A price, with its currency if the cell names one: 12.50, 12,50 EUR, $1,234.50. What isn't one stays text, and the check of the item tells. */
function money(property: string): Says {
  return (cell) => {
    const [, before, amount, after] = /^([A-Z]{3}|[€$£¥])?\s*([\d.,]+)\s*([A-Z]{3}|[€$£¥])?$/.exec(cell) ?? [];
    if (amount === undefined) return { [property]: cell };
    const price = parseWithDecimal(amount, decimalOf([amount]) ?? ".");
    const currency = before ?? after;
    return { [property]: Number.isNaN(price) ? cell : price, ...(currency !== undefined && { currency }) };
  };
}

const layouts: readonly CatalogLayout[] = [
  {
    name: "Shopify",
    signature: ["handle", "title", "variant price"],
    leading: "title",
    columns: {
      handle: text("id"),
      title: text("title"),
      "body (html)": plain("description"),
      vendor: text("brand"),
      "product category": text("category"),
      type: text("type"),
      tags: list("tags"),
      "variant price": money("price"),
      "image src": text("image"),
      published: hiddenUnless("true"),
      status: hiddenUnless("active"),
    },
  },
  {
    name: "WooCommerce",
    signature: ["id", "name", "regular price", "categories"],
    columns: {
      id: text("id"),
      name: text("title"),
      "short description": plain("description"),
      categories: list("categories"),
      tags: list("tags"),
      "regular price": money("price"),
      "sale price": money("price"),
      images: first("image"),
      published: hiddenUnless("1", "true"),
    },
  },
  {
    name: "Google Merchant Center",
    signature: ["id", "title", "link", "image link", "availability", "price"],
    columns: {
      id: text("id"),
      title: text("title"),
      description: plain("description"),
      link: text("link"),
      "image link": text("image"),
      price: money("price"),
      "sale price": money("price"),
      brand: text("brand"),
      "product type": list("categories", />/),
      "google product category": text("category"),
      availability: text("availability"),
      condition: text("condition"),
    },
  },
];

/** A product export whose layout was recognized. */
export interface RecognizedCatalog {
  readonly name: string;
  /** Columns that are left aside. */
  readonly unused: readonly string[];
  /** The item of a row; undefined if the row only adds to the one before. */
  itemOf(
    cells: readonly string[],
  ): { readonly id?: unknown; readonly hidden?: unknown; readonly properties: Record<string, unknown> } | undefined;
}

/** Recognizes the product export of a shop system by the names of its columns; undefined if it is none. */
export function recognizeCatalog(header: readonly string[]): RecognizedCatalog | undefined {
  const names = header.map((name) => name.trim().toLowerCase().replace(/^g:/, "").replaceAll("_", " "));
  const layout = layouts.find(({ signature }) => signature.every((name) => names.includes(name)));
  if (layout === undefined) return undefined;
  const says = names.map((name) => (Object.hasOwn(layout.columns, name) ? layout.columns[name] : undefined));
  const leading = layout.leading === undefined ? -1 : names.indexOf(layout.leading);
  return {
    name: layout.name,
    unused: header.filter((_, i) => says[i] === undefined),
    itemOf(cells) {
      if (leading >= 0 && cells[leading]?.trim() === "") return undefined;
      const said: Record<string, unknown> = {};
      // A sale price comes after the regular one, and counts.
      for (const [i, says_] of says.entries()) {
        const cell = cells[i]?.trim() ?? "";
        if (says_ !== undefined && cell !== "") Object.assign(said, says_(cell));
      }
      const { id, hidden, ...properties } = said;
      return { ...(id !== undefined && { id }), ...(hidden !== undefined && { hidden }), properties };
    },
  };
}
