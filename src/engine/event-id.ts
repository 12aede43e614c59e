import type { EventPlace } from "../store/store.ts";

const BYTES = 27;

/** The id of an event in the API: what its columns say, packed. An event and a later equal one differ in `nth`. */
export function eventId({ user, item, type, time, value, nth }: EventPlace): string {
  const packed = Buffer.alloc(BYTES);
  packed.writeUInt32LE(user, 0);
  packed.writeUInt32LE(item, 4);
  packed.writeUInt8(type, 8);
  packed.writeUInt16LE(nth, 9);
  packed.writeDoubleLE(time, 11);
  packed.writeDoubleLE(value, 19);
  return packed.toString("base64url");
}

/** The event that an id stands for; undefined if it is no id. */
export function eventOfId(id: string): EventPlace | undefined {
  const packed = Buffer.from(id, "base64url");
  if (packed.length !== BYTES || packed.toString("base64url") !== id) return undefined;
  return {
    user: packed.readUInt32LE(0),
    item: packed.readUInt32LE(4),
    type: packed.readUInt8(8),
    nth: packed.readUInt16LE(9),
    time: packed.readDoubleLE(11),
    value: packed.readDoubleLE(19),
  };
}
