import { RecoError } from "../util/errors.ts";

const PAGE = 65536;
const ALIGNMENT = 64;
/** Limits to request: 4 GiB, the maximum for 32-bit addresses; 1 GiB if a small device doesn't reserve that much address space. */
const MAXIMUM_PAGES = [65536, 16384];

/**
 * One WebAssembly memory with a first-fit allocator. Blocks are aligned to 64 bytes and zeroed. Growing never moves existing data, so views stay valid
 * until their block is freed.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  /** Bytes in use by allocated blocks. */
  used = 0;
  private readonly sizes = new Map<number, number>();
  /** Free blocks by ascending address. */
  private free: { pointer: number; bytes: number }[] = [];
  private end: number;
  private readonly maximumPages: number;

  private constructor(memory: WebAssembly.Memory, maximumPages: number, reserved: number) {
    this.memory = memory;
    this.maximumPages = maximumPages;
    this.end = Math.ceil(reserved / ALIGNMENT) * ALIGNMENT;
  }

  /**
   * Creates a memory, or returns undefined if the platform has none that threads may share: some browsers offer it only on cross-origin isolated pages
   * (headers COOP and COEP).
   *
   * @param reserved bytes at the start that are never allocated
   */
  static create(reserved: number): SharedMemory | undefined {
    for (const maximum of MAXIMUM_PAGES)
      try {
        return new SharedMemory(new WebAssembly.Memory({ initial: Math.ceil(reserved / PAGE), maximum, shared: true }), maximum, reserved);
      } catch {
        // Try the next, lower limit.
      }
    return undefined;
  }

  /** The current buffer, which covers every allocated block. */
  get buffer(): ArrayBufferLike {
    return this.memory.buffer;
  }

  /** Whether an array is in this memory. */
  holds(array: ArrayBufferView): boolean {
    // Growing creates new buffer objects over the same bytes, so an unknown buffer may still be ours.
    return array.buffer === this.memory.buffer || this.buffers.has(array.buffer);
  }
  private readonly buffers = new WeakSet<object>();

  /** @throws RecoError `bad-input` if 4 GiB are not enough. */
  allocate(bytes: number): { buffer: ArrayBufferLike; pointer: number } {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const pointer = this.take(size);
    this.sizes.set(pointer, size);
    this.used += size;
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    new Uint8Array(buffer, pointer, size).fill(0);
    return { buffer, pointer };
  }

  release(pointer: number): void {
    const bytes = this.sizes.get(pointer);
    if (bytes === undefined) return;
    this.sizes.delete(pointer);
    this.used -= bytes;
    let at = this.free.findIndex((block) => block.pointer > pointer);
    if (at < 0) at = this.free.length;
    this.free.splice(at, 0, { pointer, bytes });
    const merged: { pointer: number; bytes: number }[] = [];
    for (const block of this.free) {
      const last = merged.at(-1);
      if (last !== undefined && last.pointer + last.bytes === block.pointer) last.bytes += block.bytes;
      else merged.push(block);
    }
    const last = merged.at(-1);
    if (last !== undefined && last.pointer + last.bytes === this.end) {
      this.end = last.pointer;
      merged.pop();
    }
    this.free = merged;
  }

  private take(size: number): number {
    for (let i = 0; i < this.free.length; i++) {
      const block = this.free[i];
      if (block.bytes < size) continue;
      const { pointer } = block;
      block.pointer += size;
      block.bytes -= size;
      if (block.bytes === 0) this.free.splice(i, 1);
      return pointer;
    }
    const pointer = this.end;
    const missing = pointer + size - this.memory.buffer.byteLength;
    if (missing > 0) {
      const pages = Math.ceil(missing / PAGE);
      try {
        this.memory.grow(pages);
      } catch (cause) {
        const used = Math.round(this.used / 2 ** 20);
        throw new RecoError(
          "bad-input",
          `The kernels use ${used} MiB and need ${Math.ceil(size / 2 ** 20)} MiB more; the limit is ${this.maximumPages / 16} MiB. Use a smaller model or less data.`,
          { cause },
        );
      }
    }
    this.end = pointer + size;
    return pointer;
  }
}
