import { Type } from "typebox";
import type { EntityInput } from "../../data/entities.ts";
import { ItemInput } from "../../data/entities.ts";
import { Id } from "../../data/text-schemas.ts";
import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { KeyedMutex } from "../../util/keyed-mutex.ts";
import type { App } from "../app.ts";
import { merged, page } from "../entities.ts";
import { Item, ItemBody, ItemPatch, Next, PageQuery, Written } from "../schemas/entity.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["items"];
const OneItem = Type.Object({ item: Id }, { additionalProperties: false });

export function itemRoutes(app: App): void {
  const mutex = new KeyedMutex();

  app.get(
    "/v1/items",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listItems",
        tags,
        summary: "Items with properties, in order of their ids",
        querystring: PageQuery,
        response: responses({ 200: Type.Object({ items: Type.Array(Item), next: Next }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const { entities, next } = page((at) => request.project.store.listItems(at), request.query);
      reply.send({ items: entities, next });
    },
  );

  app.post(
    "/v1/items",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "putItems",
        tags,
        summary: "Create or replace items: all of them, or none",
        body: Type.Array(ItemInput, { minItems: 1, maxItems: 10_000 }),
        response: responses({ 200: Written }),
      },
    },
    async (request) => {
      await request.project.store.putItems(request.body.map(({ id, ...body }) => input(id, body)));
      return { written: request.body.length };
    },
  );

  app.get(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: { operationId: "getItem", tags, summary: "An item", params: OneItem, response: responses({ 200: Item }) },
    },
    (request, reply) => {
      reply.send(known(request.project.store, request.params.item));
    },
  );

  app.put(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "putItem",
        tags,
        summary: "Create or replace an item",
        description: "It can be recommended from the moment this answers.",
        params: OneItem,
        body: ItemBody,
        response: responses({ 200: Item }),
      },
    },
    (request) => {
      const { item } = request.params;
      return mutex.runExclusive(`${request.access.project}/${item}`, () => put(request.project.store, input(item, request.body)));
    },
  );

  app.patch(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "patchItem",
        tags,
        summary: "Change some of an item",
        params: OneItem,
        body: ItemPatch,
        response: responses({ 200: Item }),
      },
    },
    (request) => {
      const { params, project } = request;
      const { properties, hidden, expires } = request.body;
      return mutex.runExclusive(`${request.access.project}/${params.item}`, () => {
        const before = known(project.store, params.item);
        const until = expires === undefined ? before.expires : expires === null ? undefined : expires;
        return put(project.store, {
          id: before.id,
          properties: merged(before.properties, properties),
          hidden: hidden ?? before.hidden,
          ...(until === undefined ? {} : { expires: until }),
        });
      });
    },
  );

  app.delete(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "deleteItem",
        tags,
        summary: "End recommending an item, and forget its properties; its events stay",
        params: OneItem,
        response: responses({ 204: Nothing }),
      },
    },
    async (request, reply) => {
      const { item } = request.params;
      if ((await request.project.store.deleteItems([item])) === 0) throw unknown(item);
      return reply.code(204).send();
    },
  );
}

function input(id: string, { properties = {}, hidden = false, expires }: Partial<EntityInput>): EntityInput {
  return { id, properties, hidden, ...(expires === undefined ? {} : { expires }) };
}

async function put(store: ProjectStore, item: EntityInput) {
  await store.putItems([item]);
  return known(store, item.id);
}

function known(store: ProjectStore, id: string) {
  const item = store.item(id);
  if (item === undefined) throw unknown(id);
  return item;
}

function unknown(id: string): RecoError {
  return new RecoError("unknown-item", `Nothing was written about an item ${JSON.stringify(id.slice(0, 64))}.`);
}
