import type { Job } from "../../jobs/job.ts";
import type { Trainer } from "../trainer.ts";

/** Waits until a job ends. */
export async function endOf(trainer: Trainer, id: string): Promise<Job> {
  for (;;) {
    const job = trainer.jobs().find((one) => one.id === id);
    if (job === undefined) throw new Error(`No job ${id}.`);
    if (job.state !== "waiting" && job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Fits now and waits until it is done; throws the reason if it fails. */
export async function train(trainer: Trainer): Promise<Job> {
  const job = await endOf(trainer, (await trainer.start("manual")).id);
  if (job.state !== "done") throw new Error(`The fit ended as ${job.state}: ${job.error}`);
  return job;
}
