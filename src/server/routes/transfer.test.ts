import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import type { EntityInput } from "../../data/entities.ts";
import type { ImportProgress } from "../../engine/transfer/import-rows.ts";
import { unchecked } from "../../store/testing/unchecked.ts";
import { ask, testServer } from "../testing/test-server.ts";

const server = await testServer({ items: { title: "text", tags: "categories", price: "number", at: "place" } });
const { admin } = server;
await server.app.listen({ port: 0, host: "127.0.0.1" });
const { port } = server.app.server.address() as { port: number };
afterAll(() => server.app.close());

let count = 0;
/** A new project, so that tests do not see each other's rows. */
async function project() {
  const name = `p${count++}`;
  return { name, store: (await server.engine.createProject(name)).store };
}

const types = {
  jsonl: "application/x-ndjson",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  parquet: "application/vnd.apache.parquet",
};

async function load(name: string, kind: string, format: keyof typeof types, body: BodyInit, query = "") {
  const response = await fetch(`http://127.0.0.1:${port}/v1/import/${kind}${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${admin}`, "recobase-project": name, "content-type": types[format] },
    body,
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
  const text = await response.text();
  const lines =
    response.status === 200
      ? text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as ImportProgress)
      : [];
  return {
    status: response.status,
    problem: response.status === 200 ? undefined : (JSON.parse(text) as { detail: string }),
    lines,
    last: lines.at(-1),
  };
}

async function dump(name: string, kind: string, format: string) {
  const headers = { authorization: `Bearer ${admin}`, "recobase-project": name };
  const response = await fetch(`http://127.0.0.1:${port}/v1/export/${kind}?format=${format}`, { headers });
  expect(response.status).toBe(200);
  return { rows: response.headers.get("recobase-rows"), bytes: new Uint8Array(await response.arrayBuffer()) };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("an import of JSON lines", () => {
  test("sent again adds nothing, without keys too; equal rows of a file stay apart", async () => {
    const { name, store } = await project();
    const cup = '{"user":"a","item":"cup","type":"buy","time":1767225600000}';
    const untimed = '{"user":"a","item":"tea","type":"buy"}';
    const first = await load(name, "events", "jsonl", [cup, cup, untimed].join("\n"));
    expect(first.last).toMatchObject({ written: 3, duplicates: 0 });
    const more = await load(name, "events", "jsonl", [untimed, cup, cup, cup].join("\n"));
    expect(more.last).toMatchObject({ written: 1, duplicates: 3, bad: 0 });
    const table = await load(name, "events", "csv", "user,item,type,time\na,cup,buy,2026-01-01T00:00:00Z\n");
    expect(table.last).toMatchObject({ written: 0, duplicates: 1 });
    expect(store.size).toBe(4);
  });

  test("writes what is usable, and names the lines that are not", async () => {
    const { name, store } = await project();
    const lines = [
      '{"user":"a","item":"x","type":"view","time":1767225600000}',
      "not JSON",
      '{"user":"a","item":"x"}',
      "",
      '{"user":"a","itm":"x","item":"y","type":"view"}',
      '{"user":"b","item":"y","type":"buy","time":"2026-01-01T00:00:00Z","value":2.5,"session":null}',
      `{"user":"c","item":"y","type":"buy","time":${Date.now() + 1e9}}`,
    ];
    const { last } = await load(name, "events", "jsonl", lines.join("\n"));
    expect(last).toMatchObject({ state: "done", rows: 6, written: 2, duplicates: 0, bad: 4 });
    expect(last?.badRows?.map(({ line }) => line).sort()).toEqual([2, 3, 5, 7]);
    expect(last?.badRows?.find(({ line }) => line === 5)?.message).toBe('Unknown field "itm". Did you mean item?');
    expect(store.size).toBe(2);
    expect((await store.exportUser("b")).events).toMatchObject([{ item: "y", type: "buy", value: 2.5, time: 1_767_225_600_000 }]);
  });

  test("reports lines that are not UTF-8", async () => {
    const { name } = await project();
    const body = Buffer.concat([Buffer.from('{"id":"a"}\n{"id":"'), Buffer.from([0xff]), Buffer.from('"}\n{"id":"\u00e9"}\n')]);
    const { last } = await load(name, "items", "jsonl", body);
    expect(last).toMatchObject({
      written: 2,
      bad: 1,
      badRows: [{ line: 2, message: expect.stringContaining("The line is not UTF-8 text.") }],
    });
  });

  test("finds the one item among many that does not fit", async () => {
    const { name, store } = await project();
    const rows = Array.from({ length: 3000 }, (_, i) => JSON.stringify({ id: `i${i}`, properties: { price: i === 1234 ? "dear" : i } }));
    const { last } = await load(name, "items", "jsonl", rows.join("\n"));
    expect(last).toMatchObject({ written: 2999, bad: 1, badRows: [{ line: 1235 }] });
    expect([store.item("i1234"), store.item("i1235")?.properties]).toEqual([undefined, { price: 1235 }]);
  });

  test("is a job that can be looked at and cancelled while it runs", async () => {
    const { name, store } = await project();
    const encoder = new TextEncoder();
    const row = (i: number) => `${JSON.stringify({ user: `u${i}`, item: "x", type: "view", time: 1_767_225_600_000 + i })}\n`;
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      // Endless: only a cancellation ends it.
      async pull(controller) {
        await setTimeout(1);
        controller.enqueue(encoder.encode(Array.from({ length: 500 }, () => row(sent++)).join("")));
      },
    });
    const running = load(name, "events", "jsonl", body).catch(() => undefined);
    const headers = { "recobase-project": name };
    const jobs = async () =>
      ((await ask(server, "GET", "/v1/jobs", { key: admin, headers })).body as { jobs: { id: string; state: string; kind: string }[] })
        .jobs;
    while (store.size === 0) await setTimeout(10);
    const [job] = await jobs();
    expect(job).toMatchObject({ kind: "import", state: "running" });
    // Another project sees nothing of it, and cannot stop it.
    expect((await ask(server, "GET", `/v1/jobs/${job.id}`, { key: admin })).status).toBe(404);
    expect((await ask(server, "DELETE", `/v1/jobs/${job.id}`, { key: admin })).status).toBe(404);
    expect((await ask(server, "DELETE", `/v1/jobs/${job.id}`, { key: admin, headers })).status).toBe(204);
    await running;
    while ((await jobs())[0].state === "running") await setTimeout(10);
    expect((await jobs())[0].state).toBe("cancelled");
    const size = store.size;
    await setTimeout(50);
    expect(store.size).toBe(size);
    expect((await ask(server, "DELETE", `/v1/jobs/${job.id}`, { key: admin, headers })).status).toBe(409);
  });
});

describe("an import of a table", () => {
  test("reads cells by the declared types of properties, and guesses the others from all rows", async () => {
    const { name, store } = await project();
    const csv = [
      "id,title,price,tags,at,year,new,code,hidden",
      'a,"Tea, ""hot""",3.5,hot|leaf,"[48.2,16.4]",1999,true,007,false',
      "b,1984,4,leaf,48.1 16.2,2001,false,42,true",
      "c,,,,,,,,",
    ].join("\r\n");
    const { last } = await load(name, "items", "csv", csv);
    expect(last).toMatchObject({ state: "done", written: 3, bad: 0 });
    expect(store.item("a")).toMatchObject({
      hidden: false,
      properties: { title: 'Tea, "hot"', price: 3.5, tags: ["hot", "leaf"], at: [48.2, 16.4], year: 1999, new: true, code: "007" },
    });
    expect(store.item("b")).toMatchObject({ hidden: true, properties: { title: "1984", tags: ["leaf"], at: [48.1, 16.2], code: "42" } });
    expect(store.item("c")?.properties).toEqual({});
  });

  test("reads events, and names bad lines", async () => {
    const { name, store } = await project();
    const tsv = [
      "user\titem\ttype\ttime\tvalue",
      "1\t2\tview\t2026-01-01 10:00:00\t",
      "1\t2\tview\tnever\t1",
      "1\t2\tview",
      "1\t2\tview\t1767225600000\t-3",
    ];
    const { last } = await load(name, "events", "tsv", tsv.join("\n"));
    expect(last).toMatchObject({ written: 2, bad: 2 });
    expect(last?.badRows?.map(({ line }) => line).sort()).toEqual([3, 4]);
    expect((await store.exportUser("1")).events).toMatchObject([
      { item: "2", time: Date.UTC(2026, 0, 1, 10) },
      { item: "2", value: -3 },
    ]);
  });

  test.each([
    ["user,item\na,b\n", /"type"/],
    ["user,item,type,tiem\na,b,view,1\n", /"tiem".*Did you mean/],
    ["user,item,type,type\n", /twice/],
    ["", /empty/],
  ])("with unusable columns is refused before anything is written: %j", async (csv, says) => {
    const { name, store } = await project();
    const { status, problem } = await load(name, "events", "csv", csv);
    expect(status).toBe(400);
    expect(problem?.detail).toMatch(says);
    expect(store.size).toBe(0);
  });
});

describe("what is exported", () => {
  test.each(["jsonl", "csv", "parquet"] as const)("as %s comes back as it was", async (format) => {
    const from = await project();
    const items: EntityInput[] = [
      {
        id: "a",
        properties: { title: 'with "quotes", commas\nand lines', price: 1.25, tags: ["x", "y"], at: [1.5, 2.5], id: "own" },
        hidden: true,
      },
      { id: "b/ä😀", properties: { price: 2, premium: true }, expires: 1_900_000_000_000 },
      { id: "007", properties: {} },
    ];
    await from.store.putItems(items);
    await from.store.putUsers([{ id: "u", properties: { country: "AT", age: 30 } }]);
    await from.store.append(
      unchecked([
        { user: "u", item: "a", type: "view", time: 1_767_225_600_000, context: { device: "phone", n: 1, ok: true }, session: "s" },
        { user: "42", item: "b/ä😀", type: "buy", value: 2.5, time: 1_767_225_600_123, recommendation: "r" },
      ]),
    );
    const to = await project();
    for (const kind of ["items", "users", "events"]) {
      const { bytes, rows } = await dump(from.name, kind, format);
      expect(rows).toBe(String({ items: 3, users: 1, events: 2 }[kind]));
      const { last, problem } = await load(to.name, kind, format, bytes);
      expect(problem).toBeUndefined();
      expect(last).toMatchObject({ state: "done", bad: 0, written: Number(rows) });
    }
    for (const { id } of items) {
      const { created: _, updated: __, ...kept } = from.store.item(id) ?? { created: 0, updated: 0 };
      expect(to.store.item(id)).toMatchObject(kept);
    }
    expect(to.store.user("u")?.properties).toEqual({ country: "AT", age: 30 });
    for (const user of ["u", "42"]) expect((await to.store.exportUser(user)).events).toEqual((await from.store.exportUser(user)).events);
  });

  test("as CSV keeps text that looks like something else, empty text and exact values", async () => {
    const from = await project();
    const odd = ["1984", "true", "", "[1]", '"x"', " pad ", "null", "1e5", "-0.5", "2026-01-02T00:00:00Z", "Dune", "{}"];
    const items: EntityInput[] = [
      ...odd.map((note, i) => ({ id: `i${i}`, properties: { note, title: note, year: "1984" } })),
      { id: '"quoted"', properties: { note: "7", flags: [], price: 0.1 } },
      { id: "1984", properties: { price: 3 } },
    ];
    await from.store.putItems(items);
    await from.store.putUsers([{ id: "ann", properties: { postcode: "1010", member: true } }]);
    const values = [14.95, 0.1, 123456.78];
    await from.store.append(
      unchecked(
        values.map((value, i) => ({
          user: "ann",
          item: "1984",
          type: "true",
          value,
          time: 1_767_225_600_000 + i,
          session: '"s"',
          context: { a: "1" },
        })),
      ),
    );
    const to = await project();
    for (const kind of ["items", "users", "events"]) {
      const { last } = await load(to.name, kind, "csv", (await dump(from.name, kind, "csv")).bytes);
      expect(last).toMatchObject({ state: "done", bad: 0 });
    }
    for (const { id, properties } of items) expect(to.store.item(id)?.properties).toEqual(properties);
    expect(to.store.user("ann")?.properties).toEqual({ postcode: "1010", member: true });
    const { events } = await to.store.exportUser("ann");
    expect(events).toEqual((await from.store.exportUser("ann")).events);
    expect(events.map(({ value }) => value)).toEqual(values);
    expect(Array.from(to.store.recent("ann").value)).toEqual(values.toReversed());
  });

  test("of nothing is empty in every format", async () => {
    const { name } = await project();
    expect(text((await dump(name, "events", "jsonl")).bytes)).toBe("");
    expect(text((await dump(name, "items", "csv")).bytes)).toBe("id,hidden,expires,created,updated\n");
    expect(text((await dump(name, "events", "parquet")).bytes).slice(0, 4)).toBe("PAR1");
  });
});

test("a body that is not Parquet is rejected", async () => {
  const { name } = await project();
  const { status, problem } = await load(name, "events", "parquet", "hello");
  expect(status).toBe(400);
  expect(problem?.detail).toBe("The body is not a valid Parquet file.");
});

test("a type that is not read is refused", async () => {
  const { name } = await project();
  const response = await fetch(`http://127.0.0.1:${port}/v1/import/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${admin}`, "recobase-project": name, "content-type": "application/zip" },
    body: "x",
  });
  expect(response.status).toBe(415);
});

describe("cells of imported tables", () => {
  test.each([
    ["csv", ","],
    ["tsv", "\t"],
  ] as const)("blanks around cells of %s are left out", async (format, delimiter) => {
    const { name, store } = await project();
    const table = (lines: string[]) => lines.map((line) => line.replaceAll(", ", `${delimiter} `)).join("\r\n");
    await load(name, "events", format, table(["user, item, type, time", "ann, tea , view, 2026-01-02 10:00 "]));
    await load(name, "items", format, table(["id, cost, hot", "tea , 4.5, true ", '" cup ", 2, "false" ']));
    expect(JSON.parse(text((await dump(name, "events", "jsonl")).bytes))).toMatchObject({ user: "ann", item: "tea", type: "view" });
    expect(store.item("tea")?.properties).toEqual({ cost: 4.5, hot: true });
    expect(store.listItems({ limit: 9 }).map(({ id }) => id)).toContain(" cup ");
  });

  test("times of another form and zone are read as the query says", async () => {
    const { name, store } = await project();
    const rows = "user,item,type,time\nann,cup,view,31.01.2026 12:00\nann,tea,view,31.07.2026 12:00\nann,pot,view,2026-01-31\n";
    const query = `?timeFormat=${encodeURIComponent("DD.MM.YYYY HH:mm")}&timeZone=Europe/Vienna`;
    const { last } = await load(name, "events", "csv", rows.replaceAll("2026", "2025"), query);
    expect(last).toMatchObject({ written: 2, bad: 1, badRows: [{ line: 4 }] });
    const times = new Map<string, number>();
    for await (const { item, time } of store.readEvents()) times.set(item, time);
    expect([times.get("cup"), times.get("tea")]).toEqual([Date.UTC(2025, 0, 31, 11), Date.UTC(2025, 6, 31, 10)]);
    const lines = '{"user":"ann","item":"jug","type":"view","time":"2025-07-31 12:00"}\n';
    expect((await load(name, "events", "jsonl", lines, "?timeZone=Europe/Vienna")).last).toMatchObject({ written: 1 });
    for await (const { item, time } of store.readEvents()) times.set(item, time);
    expect(times.get("jug")).toBe(Date.UTC(2025, 6, 31, 10));
    expect((await load(name, "events", "csv", rows, "?timeZone=Europe/Wien")).status).toBe(400);
  });

  test("text in other encodings is read as its mark, its charset or a guess says, and reported", async () => {
    const rows = "id,title\nt1,grüner Tee\n";
    const imported = async (body: Buffer, charset = "") => {
      const { name, store } = await project();
      const response = await fetch(`http://127.0.0.1:${port}/v1/import/items`, {
        method: "POST",
        headers: { authorization: `Bearer ${admin}`, "recobase-project": name, "content-type": `text/csv${charset}` },
        body: new Uint8Array(body),
      });
      const last = (await response.text()).trim().split("\n").at(-1) ?? "";
      return [response.status, (JSON.parse(last) as { encoding?: string }).encoding, store.item("t1")?.properties.title];
    };
    expect(await imported(Buffer.from(rows))).toEqual([200, undefined, "grüner Tee"]);
    expect(await imported(Buffer.from(`\ufeff${rows}`, "utf16le"))).toEqual([200, "utf-16le", "grüner Tee"]);
    expect(await imported(Buffer.from(rows, "latin1"), "; charset=ISO-8859-1")).toEqual([200, "windows-1252", "grüner Tee"]);
    expect(await imported(Buffer.from(rows, "latin1"), '; header=present; charset="windows-1251"')).toEqual([
      200,
      "windows-1251",
      "grьner Tee",
    ]);
    expect(await imported(Buffer.from(rows), "; charset=klingon")).toEqual([400, undefined, undefined]);
    expect(await imported(Buffer.from(rows.replaceAll("\n", "\r")))).toEqual([200, undefined, "grüner Tee"]);
  });

  test.each([
    ["semicolons", "id;title;price\nt1;Tea, green;12,5\n"],
    ["Excel's first line", "sep=;\r\nid;title;price\r\nt1;Tea, green;12,5\r\n"],
    ["bars", 'id|title|price\nt1|"Tea, green"|12.5\n'],
    ["tabs, sent as CSV", "id\ttitle\tprice\nt1\tTea, green\t12.5\n"],
    ["commas in quoted names", '"id";"title";"price";"a,b,c,d,e"\nt1;Tea, green;12.5;x\n'],
  ])("%s are detected", async (_, body) => {
    const { name, store } = await project();
    const { last } = await load(name, "items", "csv", body);
    expect(last).toMatchObject({ written: 1, bad: 0 });
    expect(store.item("t1")?.properties).toMatchObject({ title: "Tea, green", price: 12.5 });
  });

  test("a workbook is refused for what it is", async () => {
    const { name } = await project();
    const { status, problem } = await load(name, "items", "csv", Buffer.from(`PK\x03\x04${"\0".repeat(26)}xl/workbook.xml`, "latin1"));
    expect([status, problem?.detail]).toEqual([400, expect.stringContaining("an Excel workbook")]);
  });

  test("an order in place of times is kept, and adds nothing the second time", async () => {
    const { name, store } = await project();
    const rows = "user,item,type,time\nann,cup,view,2\nann,tea,view,1\nann,pot,view,3\nann,jug,view,soon\n";
    const { last } = await load(name, "events", "csv", rows, "?times=order");
    expect(last).toMatchObject({ written: 3, duplicates: 0, bad: 1, badRows: [{ line: 5, message: expect.stringContaining("order") }] });
    const times = new Map<string, number>();
    for await (const { item, time } of store.readEvents()) times.set(item, time);
    const at = (item: string) => times.get(item) ?? Number.NaN;
    expect(at("cup") - at("tea")).toBe(1);
    expect(at("pot") - at("cup")).toBe(1);
    expect(Date.now() - at("tea")).toBeLessThan(86_500_000);
    expect((await load(name, "events", "csv", rows, "?times=order")).last).toMatchObject({ written: 0, duplicates: 3 });
    expect(await load(name, "events", "csv", rows, "?times=random")).toMatchObject({ status: 400 });
  });

  test("words for a missing value are no ids, and no numbers", async () => {
    const { name, store } = await project();
    const events = await load(
      name,
      "events",
      "csv",
      "user,item,type,value\nann,tea,view,NULL\nNaN,tea,view,1\nben,None,view,1\nben,\\N,view,1\n",
    );
    expect(events.last).toMatchObject({ written: 1, bad: 3, badRows: [{ line: 3 }, { line: 4 }, { line: 5 }] });
    expect(events.last?.badRows[0].message).toBe('user is "NaN", which stands for a missing value.');
    const lines = await load(name, "users", "jsonl", '{"id":"null"}\n{"id":"ann"}\n');
    expect(lines.last).toMatchObject({ written: 1, bad: 1 });
    const items = await load(name, "items", "csv", "id,cost,name\ntea,1.5,None\nN/A,1,x\ncup,NaN,Null\n");
    expect(items.last).toMatchObject({ written: 2, bad: 1, badRows: [{ line: 3 }] });
    expect(store.item("tea")?.properties).toEqual({ cost: 1.5, name: "None" });
    expect(store.item("cup")?.properties).toEqual({ name: "Null" });
  });

  test("decimal commas are numbers where a whole column has them", async () => {
    const { name, store } = await project();
    const table = "id;cost;price;text\na;12,50;1.299,00;1,5\nb;7;9,90;x\n".replaceAll(/[^;\n]*,[^;\n]*/g, '"$&"').replaceAll(";", ",");
    expect((await load(name, "items", "csv", table)).last).toMatchObject({ written: 2, bad: 0 });
    expect(store.item("a")?.properties).toEqual({ cost: 12.5, price: 1299, text: "1,5" });
    expect(store.item("b")?.properties).toEqual({ cost: 7, price: 9.9, text: "x" });
  });

  test("text with blanks around it comes back from an export", async () => {
    const [from, to] = [await project(), await project()];
    await load(from.name, "items", "jsonl", '{"id":"a","properties":{"note":" x ","other":"None"}}\n');
    await load(to.name, "items", "csv", text((await dump(from.name, "items", "csv")).bytes));
    expect(to.store.item("a")?.properties).toEqual({ note: " x ", other: "None" });
  });
});
