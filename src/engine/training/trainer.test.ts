import { expect, test } from "vitest";
import { cinemaEvents } from "./testing/cinema-events.ts";
import { endOf } from "./testing/end-of-job.ts";
import { trainingStore } from "./testing/training-store.ts";
import { createTrainer } from "./trainer.ts";

test("a model is fitted in a thread, kept, put in service, and there again after a restart", async () => {
  const store = trainingStore();
  store.append(cinemaEvents());
  const trainer = await createTrainer({ store, config: {} });
  const published: string[] = [];
  trainer.onPublish((slot, model, record) => published.push(`${slot} ${model.name} ${record.state}`));
  const job = await endOf(trainer, (await trainer.start("manual")).id);
  expect(job).toMatchObject({ kind: "train", trigger: "manual", state: "done", error: undefined });
  const served = trainer.inService("main");
  expect(published).toEqual([`main ${served?.record.model} in-service`]);
  const everyone = { history: [3, 17] };
  const list = served?.model.recommend(everyone);
  expect(list?.length).toBe(10);
  await trainer.close();

  const again = await createTrainer({ store, config: {} });
  expect(again.inService("main")?.record).toEqual(served?.record);
  expect(again.inService("main")?.model.recommend(everyone)).toEqual(list);
  await again.close();
});
