/** A whole job as one blob: the networks that are trained already, and where the current one is. */
import type { HostArray } from '../../core/host-array'
import { packArrays, unpackArrays } from '../../engine/train/packed-arrays'
import type { EpochResult, Trained, TrainingCheckpoints } from '../../engine/train/trainer'

type Finished = Pick<Trained, 'parameters' | 'history' | 'bestEpoch' | 'notes'>

interface Facts {
  readonly key: string
  readonly finished: readonly {
    readonly name: string
    readonly history: readonly EpochResult[]
    readonly bestEpoch: number
    readonly notes: Trained['notes']
  }[]
}

const CURRENT = 'current'
const separator = ':'

export class JobCheckpoints {
  readonly #store: TrainingCheckpoints | undefined
  readonly #key: string
  readonly #finished = new Map<string, Finished>()
  #current: Uint8Array<ArrayBuffer> | null = null

  /** @param key what must be the same for a job to be gone on with */
  constructor(store: TrainingCheckpoints | undefined, key: string) {
    this.#store = store
    this.#key = key
  }

  async open(): Promise<void> {
    const bytes = await this.#store?.load()
    const found = bytes && unpackArrays(bytes)
    const facts = found?.facts as Facts | null | undefined
    if (!found || !facts || facts.key !== this.#key) return
    for (const { name, ...rest } of facts.finished) {
      const prefix = name + separator
      const own = [...found.arrays].filter(([one]) => one.startsWith(prefix))
      this.#finished.set(name, {
        ...rest,
        parameters: new Map(own.map(([one, array]) => [one.slice(prefix.length), array])),
      })
    }
    const current = found.arrays.get(CURRENT)?.values
    if (current instanceof Uint8Array) this.#current = current
  }

  /** A network that was trained already. */
  finished(name: string): Finished | undefined {
    return this.#finished.get(name)
  }

  /** Of the network that is trained now. */
  get current(): TrainingCheckpoints {
    return {
      load: async () => this.#current,
      save: async (bytes) => {
        this.#current = bytes
        await this.#save()
      },
    }
  }

  async finish(name: string, trained: Finished): Promise<void> {
    this.#finished.set(name, trained)
    this.#current = null
    await this.#save()
  }

  async #save(): Promise<void> {
    if (!this.#store) return
    const arrays = new Map<string, HostArray>()
    for (const [name, { parameters }] of this.#finished) {
      for (const [parameter, array] of parameters) arrays.set(name + separator + parameter, array)
    }
    const current = this.#current
    if (current) arrays.set(CURRENT, { dtype: 'uint8', shape: [current.length], values: current })
    const finished = [...this.#finished].map(([name, { history, bestEpoch, notes }]) => ({
      ...{ name, history, bestEpoch, notes },
    }))
    await this.#store.save(packArrays({ facts: { key: this.#key, finished } satisfies Facts, arrays }))
  }
}
