import { Type } from "typebox";
import type { EntityInput } from "../../data/entities.ts";
import { ItemInput } from "../../data/entities.ts";
import { Id } from "../../data/text-schemas.ts";
import { defineRoutes } from "../define-routes.ts";
import { Item, ItemBody, ItemPatch, Next, PageQuery, Written } from "../schemas/entity.ts";
import { Nothing, responses } from "../schemas/problem.ts";

const tags = ["items"];
const OneItem = Type.Object({ item: Id }, { additionalProperties: false });

export default defineRoutes((app) => {
  app.get(
    "/v1/items",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listItems",
        tags,
        summary: "List items with properties, sorted by id",
        querystring: PageQuery,
        response: responses({ 200: Type.Object({ items: Type.Array(Item), next: Next }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const { entities, next } = request.project.listItems(request.query);
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
        summary: "Create or replace items, all or none",
        body: Type.Array(ItemInput, { minItems: 1, maxItems: 10_000 }),
        response: responses({ 200: Written }),
      },
    },
    async (request) => {
      const warned = await request.project.putItems(request.body.map(({ id, ...body }) => input(id, body)));
      return { written: request.body.length, ...warned };
    },
  );

  app.get(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: { operationId: "getItem", tags, summary: "Get an item", params: OneItem, response: responses({ 200: Item }) },
    },
    (request, reply) => {
      reply.send(request.project.item(request.params.item));
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
        description: "The item can be recommended as soon as the server answers.",
        params: OneItem,
        body: ItemBody,
        response: responses({ 200: Item }),
      },
    },
    (request) => request.project.putItem(input(request.params.item, request.body)),
  );

  app.patch(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "patchItem",
        tags,
        summary: "Update parts of an item",
        params: OneItem,
        body: ItemPatch,
        response: responses({ 200: Item }),
      },
    },
    (request) => {
      const { params, project } = request;
      return project.patchItem(params.item, request.body);
    },
  );

  app.delete(
    "/v1/items/:item",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "deleteItem",
        tags,
        summary: "Delete an item: it is no longer recommended; its events stay",
        params: OneItem,
        response: responses({ 204: Nothing }),
      },
    },
    async (request, reply) => {
      await request.project.deleteItem(request.params.item);
      return reply.code(204).send();
    },
  );
});

function input(id: string, { properties = {}, hidden = false, expires }: Partial<EntityInput>): EntityInput {
  return { id, properties, hidden, ...(expires === undefined ? {} : { expires }) };
}
