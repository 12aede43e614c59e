import { plainBuild, relaxedBuild } from "./wasm.gen.ts";

const compiled = new Map<string, WebAssembly.Module>();

/** The kernels, compiled once per process. The relaxed build (fused multiply-add) is used if the engine supports it, unless `deterministic`. */
export function compileKernels(deterministic: boolean): { module: WebAssembly.Module; relaxed: boolean } {
  const relaxed = !deterministic && hasRelaxedSimd();
  const build = relaxed ? relaxedBuild : plainBuild;
  let module = compiled.get(build);
  if (module === undefined) {
    // Kernels run long in few calls, and engines never swap code during a call, so compile with the optimizing compiler right away.
    const flags = ["--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering"];
    // V8 versions that inline by default (Node 24 and later) need call counts that only the baseline compiler collects; without them they abort.
    // Those before don't know the flag, and say so.
    if (v8Major() >= 13) flags.push("--no-wasm-inlining");
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
    // On Node 20 it is behind a flag that can be set at run time.
    setFlags(["--experimental-wasm-relaxed-simd"]);
    relaxedSimd = WebAssembly.validate(bytes);
  }
  return relaxedSimd;
}

/** Sets V8 flags if this is V8 and it permits that. Without them everything works, only slower. */
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
