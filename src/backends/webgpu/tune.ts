/** Measures which tile sizes are fastest on a GPU that was just opened, unless a cache knows them. */
import type { GemmCall } from '../kernel-calls'
import type { LoadedProgram, MachineSession, Place } from '../machine'
import type { Gpu } from './device'
import type { DeviceFacts } from './dispatch'
import { createWebgpuMachine } from './machine'
import { searchTiles, type TileCache } from './tiles'

/** Sets the tiles of `gpu`; software adapters keep the fixed ones. Never throws for what the device cannot do. */
export async function tune(gpu: Gpu, cache: TileCache): Promise<void> {
  if (gpu.facts.isSoftware) return
  const { vendor, architecture, description } = gpu.adapter
  const timer = new CallTimer(gpu.device)
  try {
    const adapter = [vendor, architecture, description].filter(Boolean).join(' ')
    const measure = (call: GemmCall, facts: DeviceFacts) => timer.measure(call, facts)
    const kept: TileCache = {
      get: (key) => cache.get(key),
      // on a device that was lost meanwhile every tile failed
      set: async (key, value) => (timer.count > 0 && !gpu.isLost ? cache.set(key, value) : undefined),
    }
    gpu.useTiles(await searchTiles({ facts: gpu.facts, adapter, cache: kept, measure }))
  } finally {
    timer.dispose()
  }
}

/** Times single products, each variant of them compiled once. */
export class CallTimer {
  readonly #device: GPUDevice
  readonly #loaded = new Map<string, { session: MachineSession; program: LoadedProgram }>()
  /** Runs that were timed. */
  count = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** @returns milliseconds of one run, waiting included; what is multiplied is open */
  async measure(call: GemmCall, facts: DeviceFacts): Promise<number> {
    const program = await this.#programOf(call, facts)
    const start = performance.now()
    await program.run([])
    this.count++
    return performance.now() - start
  }

  dispose(): void {
    for (const { session } of this.#loaded.values()) session.dispose()
    this.#loaded.clear()
  }

  async #programOf(call: GemmCall, facts: DeviceFacts): Promise<LoadedProgram> {
    const key = JSON.stringify([facts.tiles, call.m, call.n, call.k])
    const known = this.#loaded.get(key)
    if (known) return known.program
    const session = await createWebgpuMachine(this.#device, facts).open()
    const bytes = [call.m * call.k, call.k * call.n, call.m * call.n].map((count) => Math.ceil(count / 64) * 256)
    const [a = 0, b = 0, y = 0] = bytes
    const place = (offset: number): Place => ({ in: 'arena', offset })
    const program = await session.load({
      arenaBytes: a + b + y,
      places: new Map([
        [call.a, place(0)],
        [call.b, place(a)],
        [call.output, place(a + b)],
      ]),
      ...{ inputs: [], outputs: [] },
      steps: [
        { type: 'call', call, title: 'tile search', cost: 1, indexError: () => new Error('a product has no index') },
      ],
    })
    this.#loaded.set(key, { session, program })
    // compiles, and makes what later runs find
    await program.run([])
    return program
  }
}
