import { plainBuild, relaxedBuild } from "./wasm.gen.ts";

const compiled = new Map<string, WebAssembly.Module>();

/** The kernels, compiled once a process. The relaxed build (fused multiply-add) is taken where the engine has it, unless `deterministic`. */
export function compileKernels(deterministic: boolean): { module: WebAssembly.Module; relaxed: boolean } {
  const relaxed = !deterministic && hasRelaxedSimd();
  const build = relaxed ? relaxedBuild : plainBuild;
  let module = compiled.get(build);
  if (module === undefined) {
    // A kernel runs long in few calls and an engine never swaps code inside a call: the optimising compiler has to come first.
    const flags = ["--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering"];
    // A V8 that inlines by default (Node 22 and later) does so by call counts which only the baseline compiler takes: it aborts without.
    if (v8Major() >= 12) flags.push("--no-wasm-inlining");
    setFlags(flags);
    module = new WebAssembly.Module(decode(build));
    setFlags(flags.map((flag) => flag.replace("--no-", "--")));
    compiled.set(build, module);
  }
  return { module, relaxed };
}

let relaxedSimd: boolean | undefined;

function hasRelaxedSimd(): boolean {
  if (relaxedSimd !== undefined) return relaxedSimd;
  const bytes = decode(relaxedBuild);
  relaxedSimd = WebAssembly.validate(bytes);
  if (!relaxedSimd) {
    // Node 20 has it behind a flag that may be set at run time.
    setFlags(["--experimental-wasm-relaxed-simd"]);
    relaxedSimd = WebAssembly.validate(bytes);
  }
  return relaxedSimd;
}

/** Sets flags of V8 where it is V8 and lets us; without them everything works, slower. */
function setFlags(flags: readonly string[]): void {
  if (globalThis.process?.versions?.v8 === undefined) return;
  const v8 = globalThis.process.getBuiltinModule?.("node:v8");
  for (const flag of flags) {
    try {
      v8?.setFlagsFromString(flag);
    } catch {
      return;
    }
  }
}

function v8Major(): number {
  return Number.parseInt(globalThis.process?.versions?.v8 ?? "0", 10);
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
