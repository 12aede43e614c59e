import type { Scope } from "../../expression/scope.ts";
import type { RecommendRequest } from "../../pipeline/answer.ts";
import type { ProjectStore } from "../../store/store.ts";

/** What a request's expressions can refer to. A user's properties are fetched only if an expression uses them. */
export class RequestScope implements Scope {
  readonly now: number;
  readonly context: Scope["context"];
  readonly parameters: Scope["parameters"];
  readonly #store: Pick<ProjectStore, "user">;
  readonly #user: string | undefined;

  constructor(store: Pick<ProjectStore, "user">, { user, context, parameters }: RecommendRequest, now: number) {
    this.now = now;
    this.context = context;
    this.parameters = parameters;
    this.#store = store;
    this.#user = user;
  }

  get user(): Scope["user"] {
    return this.#user === undefined ? undefined : this.#store.user(this.#user)?.properties;
  }
}
