import type { Scope } from "../../expression/scope.ts";
import type { RecommendRequest } from "../../pipeline/answer.ts";
import { activityOf, noActivity } from "../../pipeline/history.ts";
import type { PipelineRequest } from "../../pipeline/pipeline-parts.ts";
import type { ProjectStore } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import type { Serving } from "./serving.ts";
import { sessionActivity } from "./session-activity.ts";

const DEFAULT_K = 10;
const MOST_K = 1000;
/** Limits per request: ids in a list, ids in `why`, boosts. */
const MOST_IDS = 10_000;
const MOST_WHY = 100;
const MOST_BOOSTS = 50;
const none = new Uint32Array(0);

/** Translates a request for the pipeline. @throws RecoError `bad-input`, `bad-expression`, `unknown-item` */
export function questionOf(
  serving: Pick<Serving, "store" | "weights" | "types" | "filter" | "boost">,
  seenBy: readonly number[] | undefined,
  request: RecommendRequest,
  now: number,
): PipelineRequest {
  const { store, weights } = serving;
  const { user, k = DEFAULT_K, seed } = request;
  if (!Number.isInteger(k) || k < 1 || k > MOST_K)
    throw new RecoError("bad-input", `k is ${k}; it must be a whole number from 1 to ${MOST_K}.`);
  if ((request.boosts?.length ?? 0) > MOST_BOOSTS) throw tooMany("boosts", MOST_BOOSTS);
  const kept = user === undefined ? noActivity : store.recent(user);
  const session = request.history === undefined ? undefined : sessionActivity(request.history, store, serving.types, now);
  const older = user === undefined ? undefined : store.older(user);
  const { history, recent, seen, hidden } = activityOf(kept, session, weights, seenBy, older);
  return {
    k,
    history,
    recent,
    older,
    seen,
    hidden,
    anchors: request.items === undefined ? none : anchorsOf(store, request.items),
    candidates: request.candidates === undefined ? undefined : knownOf(store, "candidates", request.candidates),
    exclude: request.exclude === undefined ? none : knownOf(store, "exclude", request.exclude),
    filters: request.filter === undefined ? [] : [serving.filter(request.filter)],
    boosts: request.boosts === undefined ? [] : request.boosts.map(({ by }) => serving.boost(by)),
    user,
    scope: new RequestScope(store, request, now),
    context: request.context ?? {},
    random: new Random(seed ?? Math.floor(Math.random() * 2 ** 32)),
    trace: request.trace ?? false,
    why: request.why === undefined ? none : knownOf(store, "why", request.why, MOST_WHY),
  };
}

function anchorsOf({ items }: ProjectStore, ids: readonly string[]): Uint32Array {
  if (ids.length > MOST_IDS) throw tooMany("items", MOST_IDS);
  return Uint32Array.from(new Set(ids), (id) => {
    const index = items.indexOf(id);
    if (index < 0) throw new RecoError("unknown-item", `Unknown item ${JSON.stringify(id)}. Send its properties or an event first.`);
    return index;
  });
}

/** Indices of the known ids. Unknown ids can't be returned, so there is nothing to exclude either. */
function knownOf({ items }: ProjectStore, field: string, ids: readonly string[], most = MOST_IDS): Uint32Array {
  if (ids.length > most) throw tooMany(field, most);
  const indices = new Uint32Array(ids.length);
  let length = 0;
  for (const id of ids) {
    const index = items.indexOf(id);
    if (index >= 0) indices[length++] = index;
  }
  return indices.subarray(0, length);
}

function tooMany(field: string, most: number): RecoError {
  return new RecoError("bad-input", `${field} has too many entries; at most ${most} are allowed.`);
}

/** What a request's expressions can refer to. A user's properties are fetched only if an expression uses them. */
class RequestScope implements Scope {
  readonly now: number;
  readonly context: Scope["context"];
  readonly parameters: Scope["parameters"];
  readonly #store: Pick<ProjectStore, "user">;
  readonly #user: string | undefined;
  #values: Scope["user"];

  constructor(store: Pick<ProjectStore, "user">, { user, context, parameters }: RecommendRequest, now: number) {
    this.now = now;
    this.context = context;
    this.parameters = parameters;
    this.#store = store;
    this.#user = user;
  }

  get user(): Scope["user"] {
    if (this.#user === undefined) return undefined;
    this.#values ??= { ...this.#store.user(this.#user)?.properties, id: this.#user };
    return this.#values;
  }
}
