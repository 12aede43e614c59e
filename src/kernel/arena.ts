/** The typed arrays that kernels work on. */
export type KernelArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/**
 * Zeroed arrays in memory that kernels reach without a copy. {@link Arena.release} frees all of an arena's arrays at once; don't use any of them
 * after that.
 */
export interface Arena {
  float32(length: number): Float32Array<ArrayBufferLike>;
  float64(length: number): Float64Array<ArrayBufferLike>;
  int32(length: number): Int32Array<ArrayBufferLike>;
  uint32(length: number): Uint32Array<ArrayBufferLike>;
  uint8(length: number): Uint8Array<ArrayBufferLike>;
  /** A copy of `array` in the arena. */
  copy<T extends KernelArray>(array: T): T;
  release(): void;
}

/** An arena over blocks of memory from `allocate`, which returns zeroed bytes aligned to 64. */
export class BlockArena implements Arena {
  private readonly blocks: number[] = [];
  private readonly allocate: (bytes: number) => { buffer: ArrayBufferLike; pointer: number };
  private readonly free: (pointer: number) => void;

  constructor(allocate: (bytes: number) => { buffer: ArrayBufferLike; pointer: number }, free: (pointer: number) => void) {
    this.allocate = allocate;
    this.free = free;
  }

  float32(length: number): Float32Array<ArrayBufferLike> {
    const { buffer, pointer } = this.block(length * 4);
    return new Float32Array(buffer, pointer, length);
  }

  float64(length: number): Float64Array<ArrayBufferLike> {
    const { buffer, pointer } = this.block(length * 8);
    return new Float64Array(buffer, pointer, length);
  }

  int32(length: number): Int32Array<ArrayBufferLike> {
    const { buffer, pointer } = this.block(length * 4);
    return new Int32Array(buffer, pointer, length);
  }

  uint32(length: number): Uint32Array<ArrayBufferLike> {
    const { buffer, pointer } = this.block(length * 4);
    return new Uint32Array(buffer, pointer, length);
  }

  uint8(length: number): Uint8Array<ArrayBufferLike> {
    const { buffer, pointer } = this.block(length);
    return new Uint8Array(buffer, pointer, length);
  }

  copy<T extends KernelArray>(array: T): T {
    const { buffer, pointer } = this.block(array.byteLength);
    const made = new (array.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => T)(
      buffer,
      pointer,
      array.length,
    );
    made.set(array);
    return made;
  }

  release(): void {
    for (const pointer of this.blocks) this.free(pointer);
    this.blocks.length = 0;
  }

  private block(bytes: number): { buffer: ArrayBufferLike; pointer: number } {
    const block = this.allocate(bytes);
    this.blocks.push(block.pointer);
    return block;
  }
}
