import { describe, expect, it } from 'vitest'
import type { KnownDType } from '../../core/dtypes'
import { Random } from '../../core/random'
import { operand, runCalls } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { testGpu } from '../../testing/webgpu-device'
import type { CopyCall, Operand } from '../kernel-calls'
import { numbers } from '../wasm/kernels-kit'
import { createWebgpuMachine } from './machine'

/** FUZZ_SEED repeats a run, FUZZ_RUNS makes it longer. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const runs = Number(process.env['FUZZ_RUNS'] ?? 60)

const DTYPES: readonly KnownDType[] = [
  'float32',
  'float32',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int64',
  'bool',
  'int4',
]

class Copies {
  readonly #random: Random

  constructor(of: number) {
    this.#random = new Random(of)
  }

  /** A whole output, and some copies over it, which may cover each other. */
  draw(): readonly CopyCall[] {
    const dtype = this.#pick(DTYPES)
    const output = operand([this.#pick([1, 7, 64, 150, 333])], dtype)
    const count = output.shape[0] as number
    const whole = { sizes: [count], inputStrides: [1], inputOffset: 0, outputStrides: [1], outputOffset: 0 }
    const first: CopyCall = { kernel: 'copy', input: operand([count], dtype), output, ...whole }
    return [first, ...Array.from({ length: 1 + this.#below(3) }, () => this.#copy(output))]
  }

  #copy(output: Operand): CopyCall {
    const count = output.shape[0] as number
    // four and eight make whole vectors and words
    const sizes = Array.from({ length: this.#below(6) }, () => this.#pick([1, 2, 3, 4, 5, 8]))
    const outputStrides = this.#nest(sizes)
    while (spanOf(sizes, outputStrides) >= count) {
      sizes.pop()
      outputStrides.splice(0, outputStrides.length, ...this.#nest(sizes))
    }
    const isDense = this.#random.uniform() < 0.5
    const inputStrides = isDense
      ? this.#nest(sizes, true)
      : sizes.map(() => this.#pick([0, 1, -1, 4, -4, 3, 12, this.#below(9)]))
    const spare = this.#pick([0, 4, 12, this.#below(20)])
    const input = operand([spanOf(sizes, inputStrides) + 1 + spare], output.dtype)
    const room = count - 1 - spanOf(sizes, outputStrides)
    const place = this.#pick([0, room - (room % 4), this.#below(room + 1)])
    return {
      ...{ kernel: 'copy', input, output, sizes, inputStrides, outputStrides },
      ...{ inputOffset: lowest(sizes, inputStrides) + this.#pick([0, spare, this.#below(spare + 1)]) },
      ...{ outputOffset: lowest(sizes, outputStrides) + place },
    }
  }

  /** Strides of which each is beyond all shorter axes, in a random order and direction. */
  #nest(sizes: readonly number[], isDense = this.#random.uniform() < 0.5): number[] {
    const strides = new Array<number>(sizes.length).fill(1)
    const order = [...sizes.keys()]
    if (this.#random.uniform() < 0.5) this.#random.shuffle(order)
    else order.reverse()
    let next = isDense ? 1 : this.#pick([1, 1, 2, 4])
    for (const axis of order) {
      strides[axis] = this.#random.uniform() < 0.8 ? next : -next
      next = next * sizes[axis]! + (isDense ? 0 : this.#pick([0, 0, 1, 4]))
    }
    return strides
  }

  #below(limit: number): number {
    return this.#random.below(limit)
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T
  }
}

/** From the first element that is touched to the last. */
const spanOf = (sizes: readonly number[], strides: readonly number[]): number =>
  sizes.reduce((sum, size, axis) => sum + (size - 1) * Math.abs(strides[axis]!), 0)

/** The offset with which nothing lies before the start. */
const lowest = (sizes: readonly number[], strides: readonly number[]): number =>
  sizes.reduce((sum, size, axis) => sum - (size - 1) * Math.min(0, strides[axis]!), 0)

describe(`random copies on webgpu (FUZZ_SEED=${seed})`, () => {
  const gpu = testGpu()
  console.log(`random copies: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`)

  it.each([
    ['any size', undefined],
    ['512 bytes', 512],
  ])('give what the naive machine gives, with bindings of %s', async (_, most) => {
    const { device, facts } = await gpu
    const limits = { ...facts.limits, ...(most !== undefined && { maxStorageBufferBindingSize: most }) }
    const machine = createWebgpuMachine(device, { ...facts, limits })
    for (let run = 0; run < runs; run++) {
      const calls = new Copies(seed + run).draw()
      const at = `FUZZ_SEED=${seed + run} FUZZ_RUNS=1: ${JSON.stringify(calls)}`
      expect(
        calls.map((call) => machine.supports(call)),
        at,
      ).toEqual(calls.map(() => true))
      const inputs = new Map(calls.map(({ input }, i) => [input, numbers(input, i + 1)]))
      const [expected] = await runCalls(planMachine, calls, inputs)
      const [found] = await runCalls(machine, calls, inputs)
      expect(found!.values, at).toEqual(expected!.values)
    }
  })
})
