import { beforeAll, describe, expect, it } from 'vitest'
import { UnsupportedError } from '../core/errors'
import { Random } from '../core/random'
import type { RangeChoice } from '../engine/observers/calibration-source'
import type { IntegerType } from '../engine/quantize/integers'
import type { PreparedData } from '../evaluate/data'
import { cloneModel, type Model } from '../graph/model'
import { buildModel, node, ramp, tensorOf } from '../testing/build-model'
import { testPorts } from '../testing/ports'
import { CALIBRATION_MEMORY_BYTES, DataCalibration } from './calibration'
import type { JobPorts } from './ports'

const UINT8: IntegerType = { bits: 8, isSigned: false, scheme: 'asymmetric' }

let ports: JobPorts
beforeAll(async () => {
  ports = (await testPorts()).ports
})

/** A convolution with ReLU, a pooling, a product: values of several sizes. */
const convNet = (last = node('MatMul', 'f v', 'y')) =>
  buildModel({
    inputs: { x: ['float32', [1, 2, 9, 7]] },
    outputs: { y: ['float32'] },
    nodes: [node('Conv', 'x w', 'c', { pads: [1, 1, 1, 1] }), node('Relu', 'c', 'r'), node('Flatten', 'r', 'f'), last],
    initializers: { w: ramp([5, 2, 3, 3], 0.03), v: ramp([315, 3], 0.01) },
  })
const VALUES = ['x', 'c', 'r', 'f', 'y']

/** Samples of growing scale; `passes` counts how often they were read. */
function data(count: number, more: Partial<PreparedData> = {}) {
  const passes = { count: 0 }
  const prepared: PreparedData = {
    ...{ kind: 'user', count, state: [], notes: [] },
    async *batches() {
      passes.count++
      for (let start = 0; start < count; start++) {
        const random = new Random(start)
        const values = Array.from({ length: 126 }, () => (random.normal() + 0.3) * (1 + start))
        yield { feeds: new Map([['x', tensorOf('float32', [1, 2, 9, 7], values)]]), start, count: 1, rows: 1 }
      }
    },
    single: async () => new Map(),
    ...more,
  }
  return { prepared, passes }
}

const wishes = (values: readonly string[]) => values.map((value) => ({ value, type: UINT8 }))
const CHOICES: readonly RangeChoice[] = [
  { kind: 'min-max' },
  { kind: 'moving-average', rate: 0.2 },
  { kind: 'histogram' },
  { kind: 'percentile', share: 0.99 },
  { kind: 'entropy' },
  { kind: 'mse', power: 2 },
]

async function allRanges(source: DataCalibration, model: Model) {
  const found = []
  for (const choice of CHOICES) found.push([...(await source.ranges(model, wishes(VALUES), choice))])
  return found
}

describe('ranges from data', () => {
  it('hold what was seen, for every choice', async () => {
    const source = new DataCalibration(data(9).prepared, ports)
    const model = convNet()
    const whole = await source.ranges(model, wishes(VALUES), { kind: 'min-max' })
    expect([...whole.keys()]).toEqual(VALUES)
    const { min, max } = whole.get('c')!
    expect(min).toBeLessThan(0)
    expect(whole.get('r')).toMatchObject({ min: 0, max })
    expect(whole.get('f')).toMatchObject({ min: 0, max })
    for (const choice of CHOICES) {
      for (const [value, range] of await source.ranges(model, wishes(VALUES), choice)) {
        expect(range.min, value).toBeGreaterThanOrEqual(whole.get(value)!.min)
        expect(range.max, value).toBeLessThanOrEqual(whole.get(value)!.max)
        expect(Math.fround(range.min)).toBe(range.min)
        expect(Math.fround(range.max)).toBe(range.max)
      }
    }
    expect(source.facts).toMatchObject({
      samples: 9,
      skipped: 0,
      machine: 'wasm',
      memoryCapBytes: CALIBRATION_MEMORY_BYTES,
    })
    expect(source.facts.ms).toBeGreaterThan(0)
    expect(source.notes).toEqual([])
  })

  it('are computed once for a graph, whatever object holds it', async () => {
    const { prepared, passes } = data(3)
    const source = new DataCalibration(prepared, ports)
    const model = convNet()
    const some = await source.ranges(model, wishes(['c']), { kind: 'entropy' })
    expect(passes.count).toBe(1)
    for (const choice of CHOICES)
      if (choice.kind !== 'moving-average') await source.ranges(cloneModel(model), wishes(['c']), choice)
    expect(passes.count).toBe(1)
    // other values, averages of another rate, another graph
    await source.ranges(model, wishes(['c', 'r']), { kind: 'min-max' })
    expect(passes.count).toBe(2)
    await source.ranges(model, wishes(['c', 'r']), { kind: 'moving-average', rate: 0.5 })
    expect(passes.count).toBe(3)
    const other = await source.ranges(convNet(node('Neg', 'f', 'y')), wishes(['c']), { kind: 'entropy' })
    expect(passes.count).toBe(4)
    expect(other).toEqual(some)
  })

  it('do not depend on the memory cap', async () => {
    const model = convNet()
    const runs = [1, 420_000, 1e9].map(async (memoryCapBytes) => {
      const { prepared, passes } = data(12)
      const source = new DataCalibration(prepared, ports, { memoryCapBytes })
      return { ranges: await allRanges(source, model), passes: passes.count, notes: source.notes }
    })
    const [tiny, small, huge] = await Promise.all(runs)
    expect(tiny!.ranges).toEqual(huge!.ranges)
    expect(small!.ranges).toEqual(huge!.ranges)
    expect(huge!.passes).toBe(3)
    expect(small!.passes).toBeGreaterThan(3)
    expect(tiny!.passes).toBeGreaterThan(small!.passes)
    expect(small!.notes).toEqual([])
    expect(tiny!.notes).toEqual([
      {
        severity: 'info',
        text: 'Calibration took more memory than 1 B for 5 of 5 values, the first of them x: the model itself needs it. Ranges do not depend on it.',
      },
    ])
  })

  it('of few samples come with a warning', () => {
    const { notes } = new DataCalibration(data(7).prepared, ports)
    expect(notes).toEqual([
      {
        severity: 'warning',
        text: 'Ranges were chosen on 7 samples only: other inputs may leave them. Give more data if there is some.',
      },
    ])
    expect(new DataCalibration(data(1).prepared, ports).notes[0]?.text).toMatch(/^Ranges were chosen on 1 sample only/)
  })

  it('leave out a value that is not finite', async () => {
    const source = new DataCalibration(data(8).prepared, ports)
    const model = convNet(node('Log', 'f', 'y'))
    const found = await source.ranges(model, wishes(['y', 'r']), { kind: 'min-max' })
    expect([...found.keys()]).toEqual(['r'])
    expect([...(await source.ranges(model, wishes(['y']), { kind: 'min-max' }))]).toEqual([])
  })
})

describe('a model that the engine cannot run', () => {
  const strange = () => convNet({ ...node('QuickGelu', 'f', 'y'), domain: 'com.microsoft' })

  it('is calibrated on onnxruntime, in groups as well, and a note says so', async () => {
    const runs = [1, 1e9].map(async (memoryCapBytes) => {
      const source = new DataCalibration(data(8).prepared, ports, { memoryCapBytes })
      return { ranges: await allRanges(source, strange()), source }
    })
    const [tiny, huge] = await Promise.all(runs)
    expect(tiny!.ranges).toEqual(huge!.ranges)
    expect(huge!.source.machine).toBe('onnxruntime-wasm')
    expect(huge!.source.notes.map(({ text }) => text)).toEqual([
      "Calibration ran on ONNX Runtime, since Plume's own engine cannot run the model: it lacks com.microsoft::QuickGelu.",
    ])
    // what both compute is the same to within rounding
    const engine = await new DataCalibration(data(8).prepared, ports).ranges(convNet(), wishes(['c']), {
      kind: 'min-max',
    })
    const c = new Map(huge!.ranges[0]).get('c')!
    expect(c.max / engine.get('c')!.max).toBeCloseTo(1, 5)
  })

  it('carries a state there, too', async () => {
    const recurrent = (opType: string, domain: string) =>
      buildModel({
        inputs: { x: ['float32', [1, 2, 9, 7]], state: ['float32', [1, 2, 9, 7]] },
        outputs: { y: ['float32'], next: ['float32'] },
        nodes: [node('Add', 'x state', 'next'), { ...node(opType, 'next', 'y'), domain }],
      })
    const state = { state: [{ output: 'next', input: 'state' }] }
    const zero = tensorOf('float32', [1, 2, 9, 7], new Array<number>(126).fill(0))
    const withState = () => {
      const { prepared } = data(8, state)
      return {
        ...prepared,
        async *batches() {
          for await (const batch of prepared.batches())
            yield { ...batch, feeds: new Map([...batch.feeds, ['state', zero] as const]) }
        },
      }
    }
    const ranges = (opType: string, domain: string) =>
      new DataCalibration(withState(), ports).ranges(recurrent(opType, domain), wishes(['next']), { kind: 'min-max' })
    const [engine, runtime] = await Promise.all([ranges('Neg', ''), ranges('QuickGelu', 'com.microsoft')])
    expect(engine).toEqual(runtime)
    // 1 + 2 + … + 8 times the scale of the first
    expect(engine.get('next')!.max).toBeGreaterThan(20)
  })

  it('without kernels is calibrated on onnxruntime as well', async () => {
    const { openExactMachine: _, ...others } = ports
    const source = new DataCalibration(data(8).prepared, others)
    await source.ranges(convNet(), wishes(['c']), { kind: 'min-max' })
    expect(source.notes[0]?.text).toMatch(/cannot run the model: it has no kernels here\.$/)
  })

  it("that neither can run: the engine's own words", async () => {
    const source = new DataCalibration(data(8).prepared, ports)
    const model = convNet(node('Shape', 'f', 'y'))
    await expect(source.ranges(model, wishes(['y']), { kind: 'min-max' })).rejects.toThrow(UnsupportedError)
  })
})
