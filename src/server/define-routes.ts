import type { App, ServerContext } from "./app.ts";

/** Adds the routes of one resource to the server. */
export type Routes = (app: App, context: ServerContext) => void;

/** Defines the routes of one resource. `npm run generate` registers every file in `routes/` with this as its default export. */
export function defineRoutes(routes: Routes): Routes {
  return routes;
}
