import type { Job } from "../../engine.ts";
import type { Trainer } from "../trainer.ts";

/** Waits until a job has ended. */
export async function endOf(trainer: Trainer, id: string): Promise<Job> {
  for (;;) {
    const job = trainer.jobs().find((one) => one.id === id);
    if (job === undefined) throw new Error(`No job ${id}.`);
    if (job.state !== "waiting" && job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
