import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import type { Node } from '../graph/model'
import { buildGraph, buildModel, i64, node, ramp } from '../testing/build-model'
import { planMachine } from '../testing/plan-machine'
import { openEngine, type EngineOptions } from './session'

const MACHINES: EngineOptions['machine'][] = ['reference', planMachine]
const titleOf = (machine: EngineOptions['machine']) => (machine === 'reference' ? machine : machine.name)

const model = buildModel({
  ...{ opset: 22, irVersion: 10 },
  inputs: { x: ['float32', ['n', 3]], k: ['float32', [3]] },
  outputs: { y: ['float32'] },
  nodes: [node('Add', 'x k', 'a'), node('MatMul', 'a w', 'p'), node('Softmax', 'p', 'y')],
  initializers: { w: ramp([3, 5]), k: ramp([3], 0.1) },
})
const rows = (count: number): HostArray =>
  hostArray(
    'float32',
    [count, 3],
    Array.from({ length: 3 * count }, (_, i) => Math.sin(i)),
  )
const feeds = (count: number) => new Map([['x', rows(count)]])

/** Softmax over rows, many times: a run of about `count` ms. */
function long(count: number) {
  const nodes: Node[] = Array.from({ length: count }, (_, i) =>
    node('Softmax', i === 0 ? 'x' : `v${i}`, i === count - 1 ? 'y' : `v${i + 1}`),
  )
  return buildModel({
    ...{ opset: 22, irVersion: 10, nodes },
    inputs: { x: ['float32', [64, 64]] },
    outputs: { y: ['float32'] },
  })
}
const square = () => new Map([['x', hostArray('float32', [64, 64], new Float32Array(4096).fill(0.5))]])

describe.each(MACHINES.map((machine) => [titleOf(machine), machine] as const))('a session on %s', (_, machine) => {
  it('runs, with defaults for the inputs that are left out', async () => {
    const session = await openEngine(model, { machine })
    expect(session.inputs.map(({ name }) => name)).toEqual(['x', 'k'])
    const found = (await session.run(feeds(2))).get('y')!
    expect(found.shape).toEqual([2, 5])
    const sum = [...numbersOf(found)].reduce((total, value) => total + value, 0)
    expect(sum).toBeCloseTo(2, 5)
    const other = (await session.run(new Map([...feeds(2), ['k', hostArray('float32', [3], [9, -9, 9])]]))).get('y')!
    expect([...other.values]).not.toEqual([...found.values])
    session.dispose()
    session.dispose()
  })

  it('says what is wrong with its inputs', async () => {
    const session = await openEngine(model, { machine })
    const expectError = (given: Map<string, HostArray>, message: string) =>
      expect(session.run(given)).rejects.toMatchObject({ name: 'ShapeError', message })
    await expectError(new Map([['z', rows(1)]]), 'The model has no input z; its inputs are x, k.')
    await expectError(new Map(), 'The input x has no value.')
    await expectError(
      new Map([['x', hostArray('int32', [1, 3], [1, 2, 3])]]),
      'The input x should be float32[n, 3] and is int32[1, 3].',
    )
    await expectError(
      new Map([['x', hostArray('float32', [1, 2], [1, 2])]]),
      'The input x should be float32[n, 3] and is float32[1, 2].',
    )
    await expectError(
      new Map([['x', { ...rows(2), shape: [4, 3] }]]),
      'The input x is given as float32[4, 3] with 6 elements.',
    )
    await session.run(feeds(1))
    session.dispose()
    await expect(session.run(feeds(1))).rejects.toThrow('The session is closed; open the model again.')
  })

  it('lets runs take turns', async () => {
    const session = await openEngine(model, { machine })
    const alone = await session.run(feeds(3))
    const together = await Promise.all([session.run(feeds(3)), session.run(feeds(4)), session.run(feeds(3))])
    expect(together.map((outputs) => outputs.get('y')!.shape)).toEqual([
      [3, 5],
      [4, 5],
      [3, 5],
    ])
    expect(together[2].get('y')).toEqual(alone.get('y'))
    session.dispose()
  })

  it('tells progress, in nodes', async () => {
    const session = await openEngine(long(20), { machine })
    const seen: number[] = []
    await session.run(square(), { onProgress: ({ done, total }) => seen.push(done / total) })
    expect(seen.at(-1)).toBe(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.length).toBeGreaterThan(5)
  })

  it('ends within 200 ms of an abort, and works afterwards', async () => {
    const session = await openEngine(long(2000), { machine })
    const controller = new AbortController()
    let abortedAt = 0
    setTimeout(() => {
      abortedAt = performance.now()
      controller.abort()
    }, 60)
    await expect(session.run(square(), { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect(performance.now() - abortedAt).toBeLessThan(200)
    await expect(session.run(square(), { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
    const short = await openEngine(long(3), { machine })
    expect((await short.run(square())).get('y')!.values[7]).toBeCloseTo(1 / 64, 6)
  })

  it('ends a loop within 200 ms of an abort', async () => {
    const body = buildGraph({
      inputs: { i: ['int64', []], go: ['bool', []], v: ['float32', [2]] },
      outputs: { go: ['bool'], next: ['float32'] },
      nodes: [node('Sin', 'v', 'next')],
    })
    const endless = buildModel({
      ...{ opset: 22, irVersion: 10 },
      inputs: { x: ['float32', [2]] },
      outputs: { y: ['float32'] },
      nodes: [node('Loop', 'most ~ x', 'y', { body })],
      initializers: { most: i64([], [900_000]) },
    })
    const session = await openEngine(endless, { machine })
    const controller = new AbortController()
    let abortedAt = 0
    setTimeout(() => {
      abortedAt = performance.now()
      controller.abort()
    }, 80)
    const x = new Map([['x', hostArray('float32', [2], [0.5, 1])]])
    await expect(session.run(x, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect(performance.now() - abortedAt).toBeLessThan(200)
    session.dispose()
  })
})

describe('replays', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heapBytes = () => {
    collect()
    collect()
    return process.memoryUsage().heapUsed
  }

  it('take no memory: runs 20 to 200 of one plan', async () => {
    const session = await openEngine(model, { machine: planMachine })
    const given = feeds(7)
    const runs = async (count: number) => {
      for (let i = 0; i < count; i++) await session.run(given)
    }
    await runs(20)
    const memory = session.memoryBytes
    // V8 compiles meanwhile, which takes and gives back 200 kB now and then: a leak would show in every round
    const growth: number[] = []
    for (let round = 0; round < 4; round++) {
      const before = heapBytes()
      await runs(180)
      growth.push(heapBytes() - before)
    }
    expect(session.memoryBytes).toBe(memory)
    expect(Math.min(...growth)).toBeLessThan(64 * 1024)
    session.dispose()
    expect(session.memoryBytes).toBe(0)
  })
})

describe('seeds', () => {
  it.each(MACHINES.map((machine) => [titleOf(machine), machine] as const))(
    'decide random numbers on %s',
    async (_, machine) => {
      const random = buildModel({
        ...{ opset: 22, irVersion: 10 },
        inputs: { x: ['float32', [8]] },
        outputs: { y: ['float32'] },
        nodes: [node('RandomNormalLike', 'x', 'r', {}, 'noise'), node('Add', 'x r', 'y')],
      })
      const x = new Map([['x', hostArray('float32', [8], new Float32Array(8))]])
      const run = async (seed: number) => {
        const session = await openEngine(random, { machine, seed })
        const outputs = [await session.run(x), await session.run(x)].map((found) => [...found.get('y')!.values])
        session.dispose()
        return outputs
      }
      const [first, again] = await run(1)
      expect(again).toEqual(first)
      expect(await run(1)).toEqual([first, first])
      expect((await run(2))[0]).not.toEqual(first)
    },
  )
})
