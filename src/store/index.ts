export type { EntityInput, PropertyType, PropertyValue } from "../data/entities.ts";
export type { EventColumns, UserEvents } from "../data/event-columns.ts";
export { checkEvents, Event, type EventInput, type RefusedEvent, type ValidEvent } from "../data/events.ts";
export { openStorage } from "./open-storage.ts";
export { openStore } from "./open-store.ts";
export { type NewIds, type Parts, readSegment, type Segment, type TextColumn } from "./segment.ts";
export type { Change, Storage, Write } from "./storage.ts";
export type {
  AppendResult,
  Blobs,
  Catalog,
  Documents,
  Entity,
  Ids,
  Impression,
  ProjectStats,
  ProjectStore,
  Store,
  StoredEvent,
} from "./store.ts";
