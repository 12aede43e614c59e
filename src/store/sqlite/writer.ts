import { Worker } from "node:worker_threads";
import { RecoError } from "../../util/errors.ts";
import type { Write } from "../storage.ts";
import { closedStorage, storageFailure } from "./failure.ts";
import { FREE_KEY } from "./format.ts";
import type { Refusal, Replies, Request, Task, WriterStart } from "./messages.ts";

interface Waiting {
  resolve(value: number | undefined): void;
  reject(error: RecoError): void;
}

/** The main thread's side of the writer thread (`writer-worker.js`). */
export class Writer {
  private readonly module: string;
  private readonly path: string;
  private readonly address: string;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private outbox: Request[] = [];
  private requests = 0;
  private generation = 0;
  private closed = false;

  /** Errors name the path; SQLite opens the address, which is the path or a URI. */
  constructor(module: string, path: string, address: string) {
    this.module = module;
    this.path = path;
    this.address = address;
  }

  /** Writes a prepared commit. Resolves to its sequence once it is on disk. */
  async commit(project: string, writes: readonly Write[]): Promise<number> {
    return Number(await this.ask({ type: "commit", project, generation: this.generation, writes }));
  }

  /** @throws RecoError according to the database's error */
  ask(task: Task): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      if (this.closed) throw closedStorage(this.path);
      const id = this.requests++;
      this.waiting.set(id, { resolve, reject });
      // Requests from one turn are sent in one message.
      if (this.outbox.push({ ...task, id }) === 1) queueMicrotask(() => this.send());
    });
  }

  /** Resolves when everything requested so far is done and the file is closed. */
  async close(): Promise<void> {
    const done = this.ask({ type: "close" });
    this.closed = true;
    await done;
  }

  private send(): void {
    const requests = this.outbox;
    this.outbox = [];
    const buffers = new Set(requests.flatMap(buffersOf));
    this.worker ??= this.start();
    // Keep the process alive while it waits only for this.
    this.worker.ref();
    this.worker.postMessage(requests, [...buffers]);
  }

  private start(): Worker {
    const workerData: WriterStart = { module: this.module, path: this.address, freeKey: FREE_KEY, generation: this.generation };
    // Without this process's flags, because "--input-type" would prevent the thread from starting.
    const worker = new Worker(new URL("./writer-worker.js", import.meta.url), { workerData, execArgv: [] });
    worker.on("message", ({ replies, generation }: Replies) => {
      this.generation = generation;
      for (const { id, value, refusal } of replies) {
        const waiting = this.waiting.get(id);
        this.waiting.delete(id);
        if (refusal === undefined) waiting?.resolve(value);
        else waiting?.reject(this.errorOf(refusal));
      }
      if (this.waiting.size === 0) worker.unref();
    });
    worker.on("error", (error) => this.lose(error.message));
    worker.on("exit", () => this.lose("the writer thread ended"));
    return worker;
  }

  /** The thread has ended. Tasks in progress are rejected; the next task starts a new thread. */
  private lose(message: string): void {
    this.worker = undefined;
    this.generation++;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(this.errorOf({ message }));
  }

  private errorOf(refusal: Refusal): RecoError {
    return refusal.code === undefined ? storageFailure(this.path, refusal) : new RecoError(refusal.code, refusal.message);
  }
}

/** Memory that is transferred to the other thread along with its task. */
function buffersOf(task: Request): ArrayBuffer[] {
  if (task.type === "add-chunk") return [task.bytes.buffer as ArrayBuffer];
  if (task.type !== "commit") return [];
  return task.writes.flatMap((write) =>
    write.type === "document" || write.bytes === undefined ? [] : [write.bytes.buffer as ArrayBuffer],
  );
}
