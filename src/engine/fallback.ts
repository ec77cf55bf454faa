/**
 * A session that does not end with its GPU: on a fault the model is planned again, on the device that took the lost one's
 * place or on WASM, and the run is repeated. The notes are the keeper's.
 */
import type { Machine } from '../backends/machine'
import type { Observation } from '../backends/observe'
import type { Gpu } from '../backends/webgpu/device'
import type { GpuKeeper, Recovery } from '../backends/webgpu/keeper'
import type { HostArray } from '../core/host-array'
import type { Note } from '../core/progress'
import type { Model, ValueInfo } from '../graph/model'
import type { Observers } from './observe'
import type { Explanation } from './plan/explain'
import { openEngine, type EngineOptions, type EngineRunOptions, type EngineSession, type Feeds } from './session'

/** Where a graph may run: on the GPU where there is one, else on what `openMachine` gives. */
export interface EngineHosts {
  readonly gpu?: GpuKeeper
  openMachine(): Promise<Machine>
}

/**
 * As `openEngine`, on the best host that there is.
 * @throws what `openEngine` throws, for reasons that are not the GPU's
 */
export async function openOnHosts(
  model: Model,
  hosts: EngineHosts,
  options: Omit<EngineOptions, 'machine'> = {},
): Promise<EngineSession> {
  if (!hosts.gpu) return openEngine(model, { ...options, machine: await hosts.openMachine() })
  const open = (isOnGpu: boolean) => openPlace(model, hosts, options, isOnGpu)
  return new SteadySession(await repeated(hosts.gpu, open), hosts.gpu, open)
}

/** An open session, and the device that it depends on. */
interface Place {
  readonly session: EngineSession
  readonly gpu: Gpu | null
}

type OpenPlace = (isOnGpu: boolean) => Promise<Place>

/** A fault may come before the first run. */
async function repeated(keeper: GpuKeeper, open: OpenPlace): Promise<Place> {
  let next: Recovery = 'again'
  for (;;) {
    try {
      return await open(next === 'again')
    } catch (error) {
      if (!(error instanceof OpeningFailure)) throw error
      next = await keeper.recover(error.gpu, error.cause)
    }
  }
}

/** Carries the device that could not be used to where it is decided what to do. */
class OpeningFailure extends Error {
  readonly gpu: Gpu

  constructor(gpu: Gpu, cause: unknown) {
    super('', { cause })
    this.gpu = gpu
  }
}

async function openPlace(
  model: Model,
  { gpu: keeper, openMachine }: EngineHosts,
  options: Omit<EngineOptions, 'machine'>,
  isOnGpu: boolean,
): Promise<Place> {
  const answer = isOnGpu ? await keeper?.get() : undefined
  if (!answer || !('gpu' in answer)) {
    return { session: await openEngine(model, { ...options, machine: await openMachine() }), gpu: null }
  }
  const { gpu } = answer
  try {
    return { session: await openEngine(model, { ...options, machine: await machineOf(gpu) }), gpu }
  } catch (error) {
    throw new OpeningFailure(gpu, error)
  }
}

/** One for each device, so that models share its compiled shaders. */
const machines = new WeakMap<Gpu, Promise<Machine>>()

/** The machine of a device; its shaders and kernels are loaded with the first. */
export function machineOf(gpu: Gpu): Promise<Machine> {
  let machine = machines.get(gpu)
  if (!machine) {
    machine = import('../backends/webgpu/machine').then(({ createWebgpuMachine }) =>
      createWebgpuMachine(gpu.device, gpu.facts),
    )
    machines.set(gpu, machine)
  }
  return machine
}

class SteadySession implements EngineSession {
  readonly #keeper: GpuKeeper
  readonly #open: OpenPlace
  #place: Place
  /** Runs take turns: a fault is met once. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(place: Place, keeper: GpuKeeper, open: OpenPlace) {
    this.#place = place
    this.#keeper = keeper
    this.#open = open
  }

  get machine(): string {
    return this.#place.session.machine
  }
  get inputs(): readonly ValueInfo[] {
    return this.#place.session.inputs
  }
  get outputs(): readonly ValueInfo[] {
    return this.#place.session.outputs
  }
  get notes(): readonly Note[] {
    return this.#place.session.notes
  }
  get memoryBytes(): number {
    return this.#place.session.memoryBytes
  }

  run(feeds: Feeds, options?: EngineRunOptions): Promise<Map<string, HostArray>> {
    return this.#inTurn((session) => session.run(feeds, options))
  }

  observe(feeds: Feeds, observers: Observers, options?: EngineRunOptions): Promise<Map<string, Observation>> {
    return this.#inTurn((session) => session.observe(feeds, observers, options))
  }

  explain(feeds: Feeds, options?: EngineRunOptions): Promise<Explanation> {
    return this.#inTurn((session) => session.explain(feeds, options))
  }

  dispose(): void {
    this.#place.session.dispose()
  }

  #inTurn<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#steadily(work))
    this.#last = result.catch(() => undefined)
    return result
  }

  async #steadily<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    for (;;) {
      const { session, gpu } = this.#place
      try {
        return await work(session)
      } catch (error) {
        if (!gpu) throw error
        const next = await this.#keeper.recover(gpu, error)
        session.dispose()
        this.#place = await (next === 'again' ? repeated(this.#keeper, this.#open) : this.#open(false))
      }
    }
  }
}
