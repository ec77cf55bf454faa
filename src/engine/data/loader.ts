import { ShapeError, throwIfAborted } from '../../core/errors'
import { emptyArray, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import type { Batch, Dataset } from './dataset'

export interface LoaderOptions {
  readonly batchSize: number
  /** Samples come in another order every epoch, by the seed. */
  readonly shuffle?: boolean
  readonly seed?: number
  /** Leaves out a last batch that is not full. */
  readonly dropLast?: boolean
  /** Batches that are read while one is worked on; their arrays are used by turns. Default 2. */
  readonly ahead?: number
  /** Passes random numbers to the data set, which augments with them. */
  readonly augment?: boolean
  readonly signal?: AbortSignal
}

/**
 * Samples in batches. One epoch depends on the seed and its number alone, not on those before it.
 *
 *     for await (const { size, fields } of new DataLoader(data, { batchSize: 32, shuffle: true }).epoch(0)) …
 */
export class DataLoader {
  readonly #data: Dataset
  readonly #options: Required<Pick<LoaderOptions, 'batchSize' | 'ahead'>> & LoaderOptions

  /** @throws ShapeError for sizes that are no whole numbers from 1 on */
  constructor(data: Dataset, options: LoaderOptions) {
    const { batchSize, ahead = 2 } = options
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw new ShapeError(`A batch size is a whole number from 1 on, not ${batchSize}.`)
    }
    this.#data = data
    this.#options = { ...options, ahead }
  }

  /** Batches of an epoch. */
  get length(): number {
    const { batchSize, dropLast } = this.#options
    const batches = this.#data.length / batchSize
    return dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  /** A batch is valid until the next one is asked for. */
  async *epoch(number: number): AsyncGenerator<Batch> {
    const { batchSize, ahead, signal } = this.#options
    const order = this.#order(number)
    const rooms = Array.from({ length: Math.max(1, ahead + 1) }, () => new Map<number, Map<string, HostArray>>())
    const read = async (index: number): Promise<Batch> => {
      const indices = order.subarray(index * batchSize, (index + 1) * batchSize)
      const fields = this.#room(rooms[index % rooms.length] as Map<number, Map<string, HostArray>>, indices.length)
      await this.#data.read(indices, fields, this.#random(number, index + 1))
      return { size: indices.length, fields }
    }
    const reading: Promise<Batch>[] = []
    for (let next = 0; next < this.length || reading.length > 0;) {
      throwIfAborted(signal)
      // one that fails is met when it is its turn
      for (; next < this.length && reading.length < rooms.length; next++) reading.push(caught(read(next)))
      yield await (reading[0] as Promise<Batch>)
      void reading.shift()
    }
  }

  #order(epoch: number): Uint32Array {
    const order = Uint32Array.from({ length: this.#data.length }, (_, i) => i)
    if (!this.#options.shuffle) return order
    const random = seeded(this.#options.seed ?? 0, epoch, 0)
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1)
      ;[order[i], order[j]] = [order[j] as number, order[i] as number]
    }
    return order
  }

  /** Of a batch: the same, whatever is read before it. */
  #random = (epoch: number, batch: number): Random | undefined =>
    this.#options.augment ? seeded(this.#options.seed ?? 0, epoch, batch) : undefined

  #room(rooms: Map<number, Map<string, HostArray>>, size: number): Map<string, HostArray> {
    let room = rooms.get(size)
    if (!room) {
      const fields = [...this.#data.fields]
      room = new Map(fields.map(([name, { dtype, shape }]) => [name, emptyArray(dtype, [size, ...shape])]))
      rooms.set(size, room)
    }
    return room
  }
}

function caught<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

const seeded = (seed: number, epoch: number, batch: number): Random =>
  new Random(
    (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(epoch + 1, 0xc2b2ae35) ^ Math.imul(batch, 0x27d4eb2f)) >>> 0,
  )
