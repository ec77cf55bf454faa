import { beforeAll, describe, expect, it } from 'vitest'
import { binsBetween } from '../backends/histogram'
import type { Machine, Program } from '../backends/machine'
import { countBins, type Observer } from '../backends/observe'
import { observeBuffer } from '../backends/webgpu/observe-buffer'
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import { Random } from '../core/random'
import { buildModel, node, ramp } from '../testing/build-model'
import { planMachine } from '../testing/plan-machine'
import { webgpuMachine } from '../testing/webgpu-machine'
import { testDevice } from '../testing/webgpu-device'
import { wasmLevels } from '../testing/wasm-machines'
import { calibrate } from './calibrate'
import { BINS } from './observers/ladder'
import { openEngine, type EngineOptions } from './session'

const NAMES = ['reference', 'plan', 'wasm', 'webgpu'] as const
type Name = (typeof NAMES)[number]
const machines = new Map<Name, EngineOptions['machine']>([
  ['reference', 'reference'],
  ['plan', planMachine],
])
beforeAll(async () => {
  machines.set('wasm', await wasmLevels[0]!.make())
  machines.set('webgpu', await webgpuMachine())
})

/** A value before and after each activation, one between a segment and a cut, one on the host, one float16. */
const build = (outputs: readonly string[]) =>
  buildModel({
    ...{ opset: 22, irVersion: 10 },
    inputs: { x: ['float32', ['n', 3, 7, 5]] },
    outputs: Object.fromEntries(outputs.map((name) => [name, ['float32']])),
    nodes: [
      node('Conv', 'x w', 'c', { pads: [1, 1, 1, 1] }),
      node('Relu', 'c', 'r'),
      node('GlobalAveragePool', 'r', 'g'),
      node('Sub', 'r g', 'd'),
      node('Cast', 'd', 'h', { to: 10 }),
      node('Mul', 'h h', 'hh'),
      node('Cast', 'hh', 's', { to: 1 }),
      node('NonZero', 's', 'i'),
      node('Cast', 'i', 'y', { to: 1 }),
    ],
    initializers: { w: ramp([4, 3, 3, 3], 0.03) },
  })
const INNER = ['x', 'w', 'c', 'r', 'g', 'd', 's']

function sample(seed: number, n = 2): HostArray {
  const random = new Random(seed)
  const values = Array.from({ length: n * 105 }, () => random.normal() * 0.4 * seed - 0.2)
  values[17] = 1e-40
  values[18] = -0
  return hostArray('float32', [n, 3, 7, 5], values)
}
const feeds = (seed: number, n?: number) => new Map([['x', sample(seed, n)]])

function rangeOf(values: readonly number[]) {
  return { min: Math.min(...values) + 0, max: Math.max(...values) + 0, firstNonFinite: -1 }
}

const HISTOGRAM: Observer = { type: 'histogram', bins: 33, at: binsBetween(-0.7, 1.1, 33) }
const RANGE: Observer = { type: 'range' }

/** Notes what the programs give to the host. */
function recorded(machine: Machine): { machine: Machine; programs: Program[] } {
  const programs: Program[] = []
  const open = async () => {
    const session = await machine.open()
    const load = session.load.bind(session)
    return Object.assign(session, {
      load: (program: Program) => {
        programs.push(program)
        return load(program)
      },
    })
  }
  return { machine: { ...machine, open }, programs }
}

describe.each(NAMES)('observing on %s', (name) => {
  const open = (outputs: readonly string[] = ['y']) => openEngine(build(outputs), { machine: machines.get(name)! })

  it('finds the ranges and counts of the values that it computes', async () => {
    const session = await open([...INNER, 'hh', 'y'])
    const outputs = await session.run(feeds(1))
    for (const observer of [RANGE, HISTOGRAM]) {
      const found = await session.observe(feeds(1), new Map([...INNER, 'h'].map((one) => [one, observer])))
      expect([...found.keys()]).toEqual([...INNER, 'h'])
      for (const inner of INNER) {
        const values = numbersOf(outputs.get(inner)!)
        if (observer.type === 'range') expect(found.get(inner)!.range, inner).toEqual(rangeOf([...values]))
        else {
          const expected = countBins(Float32Array.from(values), observer.at, observer.bins)
          expect(found.get(inner)!.counts, inner).toEqual(expected)
        }
      }
    }
    session.dispose()
  })

  it('rounds float16 before it looks', async () => {
    const session = await open(['d', 'y'])
    const d = numbersOf((await session.run(feeds(3))).get('d')!)
    const { range } = (await session.observe(feeds(3), new Map([['h', RANGE]]))).get('h')!
    const half = numbersOf(hostArray('float16', [d.length], [...d]))
    expect(range).toEqual(rangeOf([...half]))
    session.dispose()
  })

  it('tells where a value is not finite, and its range without that', async () => {
    const session = await open()
    const x = sample(2)
    x.values[40] = -Infinity
    x.values[90] = NaN
    // behind the last whole vector
    x.values[209] = NaN
    const finite = [...numbersOf(x)].filter(Number.isFinite)
    const { range } = (await session.observe(new Map([['x', x]]), new Map([['x', RANGE]]))).get('x')!
    expect(range).toEqual({ ...rangeOf(finite), firstNonFinite: 40 })
    const { counts } = (await session.observe(new Map([['x', x]]), new Map([['x', HISTOGRAM]]))).get('x')!
    expect(counts!.reduce((sum, count) => sum + count, 0)).toBe(207)
    session.dispose()
  })

  it('says what it cannot observe', async () => {
    const session = await open()
    const observe = (value: string) => session.observe(feeds(1), new Map([[value, RANGE]]))
    await expect(observe('nothing')).rejects.toMatchObject({
      name: 'ShapeError',
      message: "The model's main graph has no value nothing to observe.",
    })
    await expect(observe('i')).rejects.toMatchObject({
      name: 'UnsupportedError',
      message: /observed values of type int64/,
    })
    // and goes on
    expect((await observe('c')).get('c')!.range!.firstNonFinite).toBe(-1)
    session.dispose()
  })

  it('calibrates over samples in one pass: ranges, averages, and histograms whose bins grow', async () => {
    const session = await open([...INNER, 'y'])
    const seeds = [1, 2, 7]
    const runs = await Promise.all(seeds.map((seed) => session.run(feeds(seed, seed))))
    const done: number[] = []
    const samples = seeds.map((seed) => feeds(seed, seed))
    const options = { values: INNER, counts: true, rate: 0.25, onSample: (count: number) => void done.push(count) }
    const found = await calibrate(session, samples, options)
    expect(found.machine).toBe(session.machine)
    expect(found.samples).toBe(3)
    expect(done).toEqual([1, 2, 3])
    for (const inner of INNER) {
      const each = runs.map((outputs) => [...numbersOf(outputs.get(inner)!)])
      const all = each.flat()
      const { min, max, averageMin, counts, at } = found.values.get(inner)!
      expect([min, max]).toEqual([rangeOf(all).min, rangeOf(all).max])
      const [a, b, c] = each.map((values) => rangeOf(values).min) as [number, number, number]
      expect(averageMin).toBeCloseTo((a * 0.75 + b * 0.25) * 0.75 + c * 0.25, 12)
      // products of values on the edge of a bin may round to either side once bins are merged
      const direct = countBins(Float32Array.from(all), at!, BINS)
      const off = direct.reduce((sum, count, bin) => sum + Math.abs(count - counts![bin]!), 0)
      expect(off, inner).toBeLessThanOrEqual(0.002 * all.length)
      expect(counts!.reduce((sum, count) => sum + count, 0)).toBe(all.length)
      const [first, last] = [counts!.findIndex((count) => count > 0), counts!.findLastIndex((count) => count > 0)]
      if (min < 0 && max > 0) expect(last - first, inner).toBeGreaterThan(2000)
    }
    session.dispose()
  })

  it('tells which values are not finite, and goes on without them', async () => {
    const session = await open()
    const bad = sample(1)
    bad.values[7] = NaN
    const samples = [feeds(1), new Map([['x', bad]]), feeds(3)]
    const found = await calibrate(session, samples, { values: ['x', 'w'], counts: true })
    expect([...found.nonFinite]).toEqual([['x', 2]])
    expect([...found.values.keys()]).toEqual(['w'])
    expect(found.values.get('w')!.samples).toBe(3)
    session.dispose()
  })

  it('carries a state from sample to sample', async () => {
    const model = buildModel({
      ...{ opset: 22, irVersion: 10 },
      inputs: { x: ['float32', [2, 3]], state: ['float32', [2, 3]] },
      outputs: { y: ['float32', [2, 3]], next: ['float32', [2, 3]] },
      nodes: [node('Add', 'x state', 'next'), node('Mul', 'next next', 'square'), node('Neg', 'square', 'y')],
    })
    const session = await openEngine(model, { machine: machines.get(name)! })
    const zero = hostArray('float32', [2, 3], new Float32Array(6))
    const samples = [1, 2, 3].map(
      (k) =>
        new Map([
          ['x', hostArray('float32', [2, 3], [k, 0, -k, 1, 0.5, 0])],
          ['state', zero],
        ]),
    )
    const state = new Map([['next', 'state']])
    const { values } = await calibrate(session, samples, { values: ['next', 'square'], state, counts: true })
    expect(values.get('next')).toMatchObject({ min: -6, max: 6, samples: 3 })
    expect(values.get('square')).toMatchObject({ min: 0, max: 36 })
    session.dispose()
  })
})

describe('on a GPU', () => {
  it('only what observers find is read, and nothing of a float32 value runs on the host', async () => {
    const { machine, programs } = recorded(machines.get('webgpu') as Machine)
    const session = await openEngine(build(['y']), { machine })
    await session.observe(feeds(1), new Map(['c', 'r', 'd'].map((value) => [value, RANGE])))
    expect(programs).toHaveLength(1)
    const [{ outputs, steps }] = programs as [Program]
    expect(outputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`)).toEqual([
      'uint32[3]',
      'uint32[3]',
      'uint32[3]',
    ])
    expect(steps.filter(({ type }) => type === 'host')).toEqual([])
    session.dispose()
  })

  it('a buffer of somebody else is observed where it is, in pieces where it is too large for one binding', async () => {
    const device = await testDevice()
    const random = new Random(9)
    const values = Float32Array.from({ length: 10_007 }, () => random.normal() * 3 + 1)
    values[5000] = 77.5
    const buffer = device.createBuffer({ size: values.byteLength, usage: 0x80 | 0x8 })
    device.queue.writeBuffer(buffer, 0, values)
    for (const mostElements of [undefined, 640]) {
      const options = { isSoftware: true, ...(mostElements && { mostElements }) }
      const look = (observer: Observer) => observeBuffer(device, buffer, values.length, observer, options)
      expect(await look(RANGE)).toEqual({ range: rangeOf([...values]) })
      const wide: Observer = { type: 'histogram', bins: 51, at: binsBetween(-8, 10, 51) }
      expect(await look(wide)).toEqual({ counts: countBins(values, wide.at, 51) })
    }
    values[9001] = NaN
    device.queue.writeBuffer(buffer, 0, values)
    const { range } = await observeBuffer(device, buffer, values.length, RANGE, { mostElements: 640 })
    expect(range!.firstNonFinite).toBe(9001)
    device.destroy()
  })
})
