import { expect, test } from "vitest";
import { Importer } from "./importer.ts";
import { readTable } from "./read-rows.ts";
import { type RowVerbs, rowWriter } from "./row-writer.ts";

async function imported(text: string) {
  const items: object[] = [];
  const target: RowVerbs = {
    ingest: async () => ({ accepted: 0, duplicates: 0, refused: [] }),
    putItems: async (rows) => {
      items.push(...rows);
      return {};
    },
    putUsers: async () => ({}),
  };
  const importer = new Importer(rowWriter("items", target), new AbortController().signal);
  let layout: string | undefined;
  let unused: readonly string[] = [];
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  await readTable("items", bytes, importer, {
    types: {},
    onLayout(recognized) {
      layout = recognized.name;
      unused = recognized.unused;
    },
  });
  await importer.flush(true);
  return { items, layout, unused, counts: importer.counts };
}

test("a Shopify export: variants and pictures belong to the row that has the title", async () => {
  const { items, layout, unused, counts } = await imported(
    [
      "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Value,Variant Price,Image Src,Status",
      'mug,Red mug,"<p>A <b>red</b> mug &amp; saucer</p>",Kahla,Home > Mugs,Mug,"red, gift",true,S,14.95,https://x/1.jpg,active',
      "mug,,,,,,,,L,16.95,https://x/2.jpg,",
      "lamp,Lamp,,Ikea,,,,true,,1299.00,,draft",
      "",
    ].join("\n"),
  );
  expect([layout, unused, counts.bad]).toEqual(["Shopify", ["Option1 Value"], 0]);
  expect(items).toEqual([
    {
      id: "mug",
      properties: {
        title: "Red mug",
        description: "A red mug & saucer",
        brand: "Kahla",
        category: "Home > Mugs",
        type: "Mug",
        tags: ["red", "gift"],
        price: 14.95,
        image: "https://x/1.jpg",
      },
    },
    { id: "lamp", hidden: true, properties: { title: "Lamp", brand: "Ikea", price: 1299 } },
  ]);
});

test("a WooCommerce export: the sale price counts, and unpublished products are hidden", async () => {
  const { items, layout } = await imported(
    [
      "ID,Type,SKU,Name,Published,Short description,Regular price,Sale price,Categories,Tags,Images",
      '44,simple,A-1,Kanne,1,,"99,90","79,90","Geschirr > Kannen, Neu",,"https://x/a.jpg, https://x/b.jpg"',
      "45,simple,A-2,Tasse,0,,12,,Geschirr,,",
      "",
    ].join("\n"),
  );
  expect(layout).toBe("WooCommerce");
  expect(items).toEqual([
    { id: "44", properties: { title: "Kanne", price: 79.9, categories: ["Geschirr > Kannen", "Neu"], image: "https://x/a.jpg" } },
    { id: "45", hidden: true, properties: { title: "Tasse", price: 12, categories: ["Geschirr"] } },
  ]);
});

test("a Google Merchant Center feed, with tabs and with prefixed names: prices have a currency", async () => {
  for (const prefix of ["", "g:"]) {
    const names = ["id", "title", "description", "link", "image_link", "availability", "price", "brand", "product_type"];
    const row = ["sku-1", "Tent", "Big", "https://x/t", "https://x/t.jpg", "in_stock", "1,299.50 EUR", "Acme", "Outdoor > Tents"];
    const { items, layout } = await imported(`${names.map((name) => prefix + name).join("\t")}\n${row.join("\t")}\n`);
    expect(layout).toBe("Google Merchant Center");
    expect(items).toMatchObject([
      { id: "sku-1", properties: { price: 1299.5, currency: "EUR", categories: ["Outdoor", "Tents"], brand: "Acme" } },
    ]);
  }
});

test("another catalog is read by its own columns, also if it has some of those names", async () => {
  const { items, layout } = await imported("id,title,link,price,color\na,Tea,https://x,4.5,green\n");
  expect(layout).toBeUndefined();
  expect(items).toEqual([{ id: "a", properties: { title: "Tea", link: "https://x", price: 4.5, color: "green" } }]);
});

test("a row without an id is named by its line", async () => {
  const { counts } = await imported("Handle,Title,Variant Price\n,Mug,3\nmug,Mug,3\n");
  expect(counts).toMatchObject({ written: 1, bad: 1, badRows: [{ line: 2 }] });
});
