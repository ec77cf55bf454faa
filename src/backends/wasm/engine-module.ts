/** The engine's WASM module (assembly/engine.ts): which of the two builds fits, and an instance with a memory of its own. */
import type { Bytes } from '../../core/bytes'
import { DeviceError } from '../../core/errors'

export const PAGE_BYTES = 65536

/** The largest memory that a 32-bit module can address: 4 GiB. */
export const MOST_PAGES = 65536

/** Below 128 MiB few models fit. */
const LEAST_PAGES = 2048

export interface EngineModule {
  readonly memory: WebAssembly.Memory
  readonly maximumPages: number
  /**
   * Executes commands that stand one after the other from address `program`.
   * @returns how many succeeded: `count`, or the place of the one that failed (see `faultIndex`)
   */
  run(program: number, count: number, scratch: number): number
  /** The index out of range that made the last command fail. */
  faultIndex(): number
}

/** Reads build/wasm/engine.wasm or build/wasm/engine-relaxed.wasm: a fetch in the page, a file in Node. */
export interface EngineFiles {
  plain(): Promise<Bytes>
  relaxed(): Promise<Bytes>
}

/** A module that does nothing but hold one f32x4.relaxed_madd. */
const RELAXED_PROBE = [
  [0, 97, 115, 109, 1, 0, 0, 0],
  [1, 4, 1, 96, 0, 0],
  [3, 2, 1, 0],
  [10, 20, 1, 18, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 26, 11],
]

/** Whether the runtime knows relaxed SIMD. Node 20 does only with --experimental-wasm-relaxed-simd. */
export const hasRelaxedSimd = (): boolean => WebAssembly.validate(new Uint8Array(RELAXED_PROBE.flat()))

/** Bytes of the build that is fastest here. */
export const chooseEngine = (files: EngineFiles): Promise<Bytes> => (hasRelaxedSimd() ? files.relaxed() : files.plain())

/** @throws DeviceError where the platform has no WASM SIMD */
export async function compileEngine(bytes: Bytes): Promise<WebAssembly.Module> {
  try {
    // at once: a compilation in the background waits seconds behind that of onnxruntime's 14 MB, and this one takes one
    // millisecond
    return new WebAssembly.Module(bytes)
  } catch (error) {
    throw new DeviceError(
      `The engine's SIMD kernels could not be loaded (${String(error)}). Update the browser or Node, or choose the reference backend.`,
    )
  }
}

/**
 * @param maximumPages beyond which memory never grows; platforms that reserve it at once may give less
 * @throws DeviceError when the platform gives no memory at all
 */
export async function instantiateEngine(module: WebAssembly.Module, maximumPages: number): Promise<EngineModule> {
  const { memory, maximum } = reserveMemory(maximumPages)
  const instance = await WebAssembly.instantiate(module, { env: { memory } })
  const { run, faultIndex } = instance.exports as unknown as Pick<EngineModule, 'run' | 'faultIndex'>
  return { memory, maximumPages: maximum, run, faultIndex }
}

/** Half of it, and half of that, where the platform refuses. */
function reserveMemory(maximum: number): { memory: WebAssembly.Memory; maximum: number } {
  try {
    return { memory: new WebAssembly.Memory({ initial: 1, maximum }), maximum }
  } catch (error) {
    if (maximum > LEAST_PAGES) return reserveMemory(maximum >> 1)
    throw new DeviceError(
      `The engine could not reserve ${maximum * PAGE_BYTES} bytes of WASM memory (${String(error)}). ` +
        `Close other tabs or programs, or choose the reference backend.`,
    )
  }
}
