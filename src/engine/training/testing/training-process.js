// @ts-check
// A process that fits over and over, to be killed while it does: node training-process.js STORE. It says `ready` when a model is live,
// and `fitting` when the next fit began.
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);
/** @type {typeof import("../../../store/open-store.ts")} */
const { openStore } = await jiti.import("../../../store/open-store.ts");
/** @type {typeof import("../project-trainer.ts")} */
const { createTrainer } = await jiti.import("../project-trainer.ts");

const store = await openStore(process.argv[2]);
const trainer = await createTrainer({ store: store.project("shop"), config: { training: { models: ["item-knn", "als"], threads: 1 } } });
for (;;) {
  const { id } = await trainer.start("manual");
  if (trainer.inService("main") !== undefined) console.log("fitting");
  while (trainer.jobs().some((job) => job.id === id && (job.state === "waiting" || job.state === "running")))
    await new Promise((resolve) => setTimeout(resolve, 1));
  console.log("ready");
}
