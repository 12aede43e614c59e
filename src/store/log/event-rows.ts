import { allocateEvents, copyEvents, type EventColumns, sliceEvents } from "../../data/event-columns.ts";
import { readSegment, type Segment, textColumns } from "../segment.ts";
import type { Ids, StoredEvent } from "../store.ts";

/** The rows of a segment selected by `wanted`, as events. Skips deleted users. */
export function* eventsOf(
  segment: Segment,
  ids: { readonly users: Ids; readonly items: Ids; readonly types: Ids },
  wanted: (row: number) => boolean = () => true,
): Generator<StoredEvent> {
  const [session, context, recommendation] = textColumns.map((name) => {
    const column = segment[name];
    return (row: number) => (column === undefined || column.codes[row] === 0 ? undefined : column.texts[column.codes[row] - 1]);
  });
  for (let row = 0; row < segment.length; row++) {
    if (!wanted(row)) continue;
    const user = ids.users.id(segment.user[row]);
    const item = ids.items.id(segment.item[row]);
    const type = ids.types.id(segment.type[row]);
    if (user === undefined || item === undefined || type === undefined) continue;
    const json = context(row);
    yield {
      user,
      item,
      type,
      value: segment.value[row],
      time: segment.time[row],
      ...present("session", session(row)),
      ...present("context", json === undefined ? undefined : (JSON.parse(json) as StoredEvent["context"])),
      ...present("recommendation", recommendation(row)),
    };
  }
}

/** Copies all rows of these segments to new columns. @param expected number of rows to make room for initially */
export async function gatherColumns(segments: AsyncIterable<Uint8Array>, expected: number): Promise<EventColumns> {
  let columns = allocateEvents(expected);
  let length = 0;
  for await (const bytes of segments) {
    const segment = readSegment(bytes);
    const needed = length + segment.length;
    if (needed > columns.length) {
      const wider = allocateEvents(Math.max(needed, Math.ceil(columns.length * 1.25)));
      copyEvents(columns, wider, 0);
      columns = wider;
    }
    copyEvents(segment, columns, length);
    length = needed;
  }
  return sliceEvents(columns, 0, length);
}

function present<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
}
