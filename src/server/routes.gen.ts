// Made by scripts/generate.mjs. Do not edit.

import type { Routes } from "./define-routes.ts";
import backupRoutes from "./routes/backup.ts";
import eventsRoutes from "./routes/events.ts";
import exportsRoutes from "./routes/exports.ts";
import frontPageRoutes from "./routes/front-page.ts";
import healthRoutes from "./routes/health.ts";
import importsRoutes from "./routes/imports.ts";
import itemsRoutes from "./routes/items.ts";
import jobsRoutes from "./routes/jobs.ts";
import keysRoutes from "./routes/keys.ts";
import modelsRoutes from "./routes/models.ts";
import projectsRoutes from "./routes/projects.ts";
import recommendationsRoutes from "./routes/recommendations.ts";
import recommendersRoutes from "./routes/recommenders.ts";
import statsRoutes from "./routes/stats.ts";
import usersRoutes from "./routes/users.ts";

/** The routes of every resource, by name. */
export const resources: readonly Routes[] = [
  backupRoutes,
  eventsRoutes,
  exportsRoutes,
  frontPageRoutes,
  healthRoutes,
  importsRoutes,
  itemsRoutes,
  jobsRoutes,
  keysRoutes,
  modelsRoutes,
  projectsRoutes,
  recommendationsRoutes,
  recommendersRoutes,
  statsRoutes,
  usersRoutes,
];
