import type { Tensor } from "./safetensors.ts";

/** Texts as UTF-8 one after the other, with where each ends. */
export function textTensors(name: string, texts: readonly string[] | undefined): Record<string, Tensor> {
  if (texts === undefined) return {};
  const encoded = texts.map((text) => Buffer.from(text));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  encoded.forEach((bytes, i) => {
    end += bytes.length;
    ends[i] = end;
  });
  return { [`${name}.text`]: new Uint8Array(Buffer.concat(encoded)), [`${name}.ends`]: ends };
}

/** @throws Error where they are missing */
export function readText(name: string, tensors: Readonly<Record<string, Tensor | undefined>>): string[] {
  const bytes = tensors[`${name}.text`];
  const ends = tensors[`${name}.ends`];
  if (!(bytes instanceof Uint8Array) || !(ends instanceof Uint32Array)) throw new Error(`${name}.text is missing`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let from = 0;
  return Array.from(ends, (end) => {
    const entry = text.toString("utf8", from, end);
    from = end;
    return entry;
  });
}
