import type { App, ServerContext } from "./app.ts";

/** Adds the routes of one resource to the server. */
export type Routes = (app: App, context: ServerContext) => void;

/** Defines the routes of one resource. A file of `routes/` whose default export is one is registered by `npm run generate`. */
export function defineRoutes(routes: Routes): Routes {
  return routes;
}
