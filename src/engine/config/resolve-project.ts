import type { ProjectConfig, ServerConfig } from "./config.ts";

/** The settings of one project: its own where the configuration names it, else those at the top. */
export function resolveProject(config: ServerConfig, name: string): ProjectConfig {
  const own = config.projects;
  if (own !== undefined && Object.hasOwn(own, name)) return own[name];
  const { events, objective, items, users, recommenders, training, retention, origins } = config;
  return { events, objective, items, users, recommenders, training, retention, origins } as ProjectConfig;
}
