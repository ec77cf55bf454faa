import { emptyArray, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import type { Dataset } from '../data/dataset'

/** Arrays for batches of a few sizes, used again and again. */
export class BatchReader {
  readonly #data: Dataset
  readonly #rooms = new Map<number, ReadonlyMap<string, HostArray>>()

  constructor(data: Dataset) {
    this.#data = data
  }

  /** @returns arrays that are valid until the next batch of this size; a promise only where the samples are not at hand */
  read(
    indices: ArrayLike<number>,
    random?: Random,
  ): ReadonlyMap<string, HostArray> | Promise<ReadonlyMap<string, HostArray>> {
    const room = this.#room(indices.length)
    const reading = this.#data.read(indices, room, random)
    return reading ? reading.then(() => room) : room
  }

  #room(size: number): ReadonlyMap<string, HostArray> {
    const known = this.#rooms.get(size)
    if (known) return known
    const fields = [...this.#data.fields]
    const made = new Map(fields.map(([name, { dtype, shape }]) => [name, emptyArray(dtype, [size, ...shape])]))
    this.#rooms.set(size, made)
    return made
  }
}

/** Different, and far apart, for every epoch of every seed; what happens in an epoch depends on nothing before it. */
export const randomOf = (seed: number, epoch: number, purpose: number): Random =>
  new Random((Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(epoch + 1, 0xc2b2ae35) ^ purpose) >>> 0)

/** The samples of each batch of an epoch, in a new order. */
export function shuffledBatches(length: number, batchSize: number, random: Random): Uint32Array[] {
  const order = Uint32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = order[i] as number
    order[i] = order[j] as number
    order[j] = kept
  }
  return cut(order, batchSize)
}

export const orderedBatches = (length: number, batchSize: number): Uint32Array[] =>
  cut(
    Uint32Array.from({ length }, (_, i) => i),
    batchSize,
  )

function cut(order: Uint32Array, size: number): Uint32Array[] {
  const count = Math.ceil(order.length / size)
  return Array.from({ length: count }, (_, i) => order.subarray(i * size, (i + 1) * size))
}
