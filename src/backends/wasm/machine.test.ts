import { beforeAll, describe, expect, it } from 'vitest'
import { hostArray, type HostArray } from '../../core/host-array'
import { operand } from '../../testing/one-call'
import { wasmLevels } from '../../testing/wasm-machines'
import type { KernelCall, Operand } from '../kernel-calls'
import type { CallStep, Constant, HostStep, Machine, Place, Program } from '../machine'
import { Heap } from './heap'

const { make } = wasmLevels[0]!

const floats = (shape: readonly number[], f: (i: number) => number): HostArray => {
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Float32Array.from({ length: count }, (_, i) => f(i)),
  )
}

const step = (call: KernelCall, cost = 1): CallStep => ({
  type: 'call',
  call,
  title: call.kernel,
  cost,
  indexError: (index, size) => new RangeError(`index ${index} is not below ${size}`),
})

const addition = (a: Operand, b: Operand, output: Operand): CallStep =>
  step({
    kernel: 'map',
    inputs: [a, b],
    output,
    expression: { binary: 'add', left: { input: 0 }, right: { input: 1 } },
  })

/** x + weights, over `count` elements. */
function biased(count: number, constant: Constant): Program {
  const [x, weights, y] = [operand([count]), operand([count]), operand([count])]
  const room = Math.ceil((count * 4) / 64) * 64
  return {
    arenaBytes: 2 * room,
    places: new Map<Operand, Place>([
      [x, { in: 'arena', offset: 0 }],
      [weights, { in: 'constant', constant }],
      [y, { in: 'arena', offset: room }],
    ]),
    inputs: [x],
    outputs: [y],
    steps: [addition(x, weights, y)],
  }
}

describe('the WASM machine', () => {
  let machine: Machine
  beforeAll(async () => (machine = await make()))

  it('uploads a constant once, whatever number of programs use it', async () => {
    const session = await machine.open()
    const constant = { array: floats([1000], (i) => i) }
    const first = await session.load(biased(1000, constant))
    const before = session.memoryBytes
    const second = await session.load(biased(1000, constant))
    // only the commands of the second
    expect(session.memoryBytes - before).toBeLessThan(256)
    const ones = floats([1000], () => 1)
    for (const program of [first, second, first]) {
      const [y] = await program.run([ones])
      expect([...y!.values].slice(0, 3)).toEqual([1, 2, 3])
    }
    session.dispose()
    expect(session.memoryBytes).toBe(0)
    session.dispose()
  })

  it('frees constants that are released, and uploads them again when a program names them', async () => {
    const session = await machine.open()
    const constant = { array: floats([1000], (i) => i) }
    const first = await session.load(biased(1000, constant))
    const before = session.memoryBytes
    first.dispose()
    session.release([constant])
    session.release([constant])
    expect(session.memoryBytes).toBeLessThanOrEqual(before - 4000)
    const again = await session.load(biased(1000, constant))
    expect(session.memoryBytes).toBe(before)
    expect((await again.run([floats([1000], () => 1)]))[0]!.values[999]).toBe(1000)
    session.dispose()
  })

  it('runs earlier programs after the arena has moved', async () => {
    const session = await machine.open()
    const small = await session.load(biased(10, { array: floats([10], (i) => i) }))
    const large = await session.load(biased(100_000, { array: floats([100_000], (i) => -i) }))
    const [b] = await large.run([floats([100_000], () => 0.5)])
    const [a] = await small.run([floats([10], () => 0.5)])
    expect(a!.values[9]).toBe(9.5)
    expect(b!.values[99_999]).toBe(-99_998.5)
    small.dispose()
    small.dispose()
    const [again] = await large.run([floats([100_000], () => 1)])
    expect(again!.values[99_999]).toBe(-99_998)
    session.dispose()
  })

  it('names the bytes when memory runs out, and goes on', async () => {
    const limited = await make({ maximumBytes: 4 * 65536 })
    const session = await limited.open()
    const constant = { array: floats([100], (i) => i) }
    const small = await session.load(biased(100, constant))
    const before = session.memoryBytes
    const tooLarge = biased(1_000_000, { array: floats([1_000_000], () => 1) })
    await expect(session.load(tooLarge)).rejects.toThrow(/asked for 1\d{7} more bytes.*its limit is 262144/s)
    await expect(session.load(tooLarge)).rejects.toMatchObject({ name: 'DeviceError' })
    expect(session.memoryBytes).toBe(before)
    expect((await small.run([floats([100], () => 1)]))[0]!.values[99]).toBe(100)
    expect((await (await session.load(biased(100, constant))).run([floats([100], () => 1)]))[0]!.values[1]).toBe(2)
    session.dispose()
  })

  it('gives host steps views, and takes what they return', async () => {
    const [x, middle, y] = [operand([3]), operand([3]), operand([3])]
    const places = new Map<Operand, Place>([
      [x, { in: 'arena', offset: 0 }],
      [middle, { in: 'arena', offset: 64 }],
      [y, { in: 'arena', offset: 128 }],
    ])
    const seen: number[] = []
    const host: HostStep = {
      type: 'host',
      title: 'reversed',
      cost: 1,
      inputs: [x, undefined],
      outputs: [undefined, middle],
      async compute([array, missing]) {
        expect(missing).toBeUndefined()
        seen.push(...(array!.values as Float32Array))
        return [undefined, { ...array!, values: (array!.values as Float32Array).slice().reverse() }]
      },
    }
    const session = await machine.open()
    const program = await session.load({
      arenaBytes: 192,
      places,
      inputs: [x],
      outputs: [y],
      steps: [host, addition(x, middle, y)],
    })
    const costs: number[] = []
    const [result] = await program.run([hostArray('float32', [3], [1, 2, 5])], { onCost: (cost) => costs.push(cost) })
    expect([...result!.values]).toEqual([6, 4, 6])
    expect(seen).toEqual([1, 2, 5])
    expect(costs).toEqual([1, 2])
    session.dispose()
  })

  it('tells which index was out of range, in the words of the step, and goes on', async () => {
    const [x, indices, y] = [operand([4]), operand([2], 'int64'), operand([2])]
    const gather: KernelCall = { kernel: 'gather', input: x, indices, output: y, outer: 1, size: 4, count: 2, inner: 1 }
    const session = await machine.open()
    const program = await session.load({
      arenaBytes: 192,
      places: new Map<Operand, Place>([
        [x, { in: 'arena', offset: 0 }],
        [indices, { in: 'arena', offset: 64 }],
        [y, { in: 'arena', offset: 128 }],
      ]),
      inputs: [x, indices],
      outputs: [y],
      steps: [step(gather)],
    })
    const values = hostArray('float32', [4], [1, 2, 3, 4])
    const run = (places: readonly bigint[]) => program.run([values, hostArray('int64', [2], places)])
    await expect(run([1n, 4n])).rejects.toThrow('index 4 is not below 4')
    await expect(run([-5n, 0n])).rejects.toThrow('index -5 is not below 4')
    await expect(run([2n ** 62n, 0n])).rejects.toThrow('index 4611686018427388000 is not below 4')
    expect([...(await run([-4n, 3n]))[0]!.values]).toEqual([1, 4])
    session.dispose()
  })

  it('notices an abort between the pieces of a long call', async () => {
    const count = 1 << 22
    const [x, y] = [operand([count]), operand([count])]
    const expression = { unary: 'softplus', of: { unary: 'erf', of: { unary: 'sin', of: { input: 0 } } } } as const
    const call: KernelCall = { kernel: 'map', inputs: [x], output: y, expression }
    const session = await machine.open()
    const program = await session.load({
      arenaBytes: 2 * count * 4,
      places: new Map<Operand, Place>([
        [x, { in: 'arena', offset: 0 }],
        [y, { in: 'arena', offset: count * 4 }],
      ]),
      inputs: [x],
      outputs: [y],
      steps: Array.from({ length: 40 }, () => step(call, 80 * count)),
    })
    const controller = new AbortController()
    const start = performance.now()
    setTimeout(() => controller.abort(), 50)
    const input = floats([count], (i) => i)
    await expect(program.run([input], { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
    // the whole takes seconds
    expect(performance.now() - start).toBeLessThan(1500)
    await expect(program.run([input], { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
    session.dispose()
  })

  it('computes on the place of an input', async () => {
    const shape = [3, 131]
    const [x, row, y] = [operand(shape), operand([131]), operand(shape)]
    const session = await machine.open()
    const program = await session.load({
      arenaBytes: 4096,
      places: new Map<Operand, Place>([
        [x, { in: 'arena', offset: 0 }],
        [y, { in: 'arena', offset: 0 }],
        [row, { in: 'arena', offset: 2048 }],
      ]),
      inputs: [x, row],
      outputs: [y],
      steps: [addition(x, row, y)],
    })
    const [result] = await program.run([floats(shape, (i) => i), floats([131], (i) => 1000 * i)])
    expect([...result!.values]).toEqual(Array.from({ length: 393 }, (_, i) => i + 1000 * (i % 131)))
    session.dispose()
  })
})

describe('the heap', () => {
  it('gives freed ranges again, and never one twice', () => {
    const heap = new Heap(64, 64)
    const [a, b, c] = [heap.allocate(100), heap.allocate(1), heap.allocate(64)]
    expect([a, b, c]).toEqual([64, 192, 256])
    heap.free(b, 1)
    expect(heap.allocate(65)).toBe(320)
    expect(heap.allocate(64)).toBe(192)
    expect(heap.allocate(0)).toBeGreaterThanOrEqual(64)
    expect(heap.takenBytes).toBe(128 + 64 + 64 + 128)
    expect(heap.end).toBe(448)
    expect(() => heap.free(77, 1)).toThrow('nothing was allocated at 77')
  })
})
