import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { memorySource, singleFile } from '../../core/bytes'
import { encodeOnnx } from '../../formats/onnx/encode'
import { createNodeRuntime } from '../../runtime/onnxruntime-node'
import { testPorts } from '../../testing/ports'
import type { JobPorts } from '../ports'
import { recipeOfMethods } from '../recipe-forms/recipe-of-methods'
import { classifierWithOutlier, userData } from '../search/job-kit'
import { sensitivityCsv } from './csv'
import { onRuntimes } from './pool'
import { SensitivityReportSchema, type SensitivityReport } from './report'
import { sensitivity, type SensitivityRequest } from './sensitivity'
import { histogramOf } from './tensors'

const model = await encodeOnnx(classifierWithOutlier())
const recipe = (method = 'static-int8:target=ort-web,granularity=per-tensor') =>
  recipeOfMethods([method], { seed: 1, isTidyOff: false })

async function measure(change: Partial<SensitivityRequest> = {}, more: Partial<JobPorts> = {}) {
  const { ports } = await testPorts()
  const request: SensitivityRequest = {
    ...{ files: singleFile(memorySource(model, 'model.onnx')), recipe: recipe() },
    ...{ test: userData(60, 21), calibrate: userData(40, 22) },
    ...change,
  }
  return sensitivity(request, { ...ports, ...more })
}

describe('sensitivity', () => {
  it('puts the layer first whose weights an outlier spoils, both ways round', async () => {
    const report = await measure()
    expect(report.layers[0]?.name).toBe('bad')
    const [bad, ...others] = report.layers.filter(({ opType }) => opType === 'Gemm')
    expect(others).toHaveLength(3)
    for (const other of others) expect(bad!.alone.sqnrDb!).toBeLessThan(other.alone.sqnrDb! - 10)
    const best = report.layers.reduce((a, b) => ((b.restored.sqnrDb ?? 999) > (a.restored.sqnrDb ?? 999) ? b : a))
    expect(best.name).toBe('bad')
    expect(bad!.restored.sqnrDb!).toBeGreaterThan(report.baseline.sqnrDb! + 10)
    expect(bad!.restored.gain).toBeGreaterThanOrEqual(0)
    expect(bad!.alone.drop).toBeGreaterThan(0)
    // 31 × 29 weights of 4 bytes instead of 1, without scales and nodes around them
    expect(bad!.addedBytes).toBeGreaterThan(31 * 29 * 3 - 900)
    expect(bad!.addedBytes).toBeLessThan(31 * 29 * 3 + 900)
    expect(v.parse(SensitivityReportSchema, JSON.parse(JSON.stringify(report)))).toEqual(report)
  })

  it('tells ranges, clipped share and a histogram of every inner value, no value counted twice', async () => {
    const { tensors } = await measure({ recipe: recipe('static-int8:observer=percentile,percentile=95') })
    const x = tensors.find(({ name }) => name === 'x')
    expect(x?.histogram?.counts.length).toBeLessThanOrEqual(256)
    expect(x?.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(40 * 13)
    expect(x?.clipped).toBeGreaterThan(0.01)
    const { low, width, counts } = x!.histogram!
    expect(low).toBeLessThan(x!.min)
    expect(low + width * counts.length).toBeGreaterThan(x!.max)
  })

  it('is the same on several runtimes, which it ends', async () => {
    const ended: number[] = []
    const openRuntimes = async (count: number) => {
      const made = []
      for (let i = 0; i < Math.min(2, count); i++) {
        const runtime = await createNodeRuntime({ threads: 1 })
        made.push({
          ...{ provider: runtime.provider, version: runtime.version },
          open: runtime.open.bind(runtime),
          terminate: () => void ended.push(i),
        })
      }
      return made
    }
    expect(await measure({}, { openRuntimes })).toEqual(await measure())
    expect(ended).toEqual([0, 1])
  })

  it('names what it is for where a method has no rules for layers', async () => {
    await expect(measure({ recipe: recipe('float16') })).rejects.toThrow(
      /^Sensitivity is measured for methods that treat layers one by one \(.*static-int8.*\), not for "float16"\. Name one of these last\.$/,
    )
    await expect(measure({ recipe: { version: 1, seed: 0, steps: [] } })).rejects.toThrow(
      'not for a recipe without steps',
    )
  })

  it('says that few samples move no metric, and that nothing was quantized', async () => {
    const few = await measure({ samples: 7 })
    expect(few.samples).toBe(7)
    expect(few.notes.map(({ text }) => text)).toContain(
      'Measured on 7 samples: go by the decibels, the metric hardly moves on so few.',
    )
    const none = await measure({ recipe: recipe('static-int8:layers=*=float') })
    expect(none.layers).toEqual([])
    expect(none.notes.map(({ text }) => text)).toContain('No layer was quantized, so there is nothing to measure.')
  })

  it('stops when it is cancelled', async () => {
    const abort = new AbortController()
    const running = measure(
      {},
      { signal: abort.signal, onProgress: ({ stage }) => void (stage === 'sensitivity' && abort.abort()) },
    )
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('its parts', () => {
  it('join bins evenly and drop empty ends', () => {
    const counts = new Float64Array(600)
    counts.fill(2, 40, 560)
    const statistics = {
      samples: 1,
      min: 0,
      max: 1,
      averageMin: 0,
      averageMax: 1,
      counts,
      at: { reciprocal: 100, first: -50 },
    }
    const histogram = histogramOf(statistics)!
    expect(histogram.counts).toHaveLength(174) // 520 bins by threes, the last of one
    expect(histogram.counts[0]).toBe(6)
    expect(histogram.counts.at(-1)).toBe(2)
    expect(histogram.low).toBeCloseTo((-50 + 40 - 0.5) / 100, 12)
    expect(histogram.width).toBeCloseTo(0.03, 12)
    expect(histogramOf({ ...statistics, counts: new Float64Array(600) })).toBeUndefined()
    expect(histogramOf(undefined)).toBeUndefined()
  })

  it('give results in the order of the items, and end all runtimes where one fails', async () => {
    let ended = 0
    const runtime = { provider: 'wasm', version: '', open: () => Promise.reject(new Error('unused')) }
    const openRuntimes = async (count: number) =>
      Array.from({ length: count }, () => ({ ...runtime, terminate: () => void ended++ }))
    const slowFirst = (item: number) =>
      new Promise<number>((done) => setTimeout(() => done(item * 2), item === 1 ? 20 : 1))
    expect(await onRuntimes([1, 2, 3], { openRuntimes }, slowFirst)).toEqual([2, 4, 6])
    expect(ended).toBe(3)
    const failing = onRuntimes([1, 2], { openRuntimes }, () => Promise.reject(new Error('broken')))
    await expect(failing).rejects.toThrow('broken')
    expect(ended).toBe(5)
  })

  it('write CSV that spreadsheets read and do not compute', () => {
    const layer = { opType: 'Conv', to: 'int8', restored: { sqnrDb: 30, gain: 0.01 }, addedBytes: 12 }
    const report = {
      metric: 'accuracy',
      layers: [
        { ...layer, name: 'a,"b"', alone: { sqnrDb: null, drop: 0 } },
        { ...layer, name: '=cmd()', alone: { sqnrDb: 20.5, drop: 0.25 } },
      ],
    } as unknown as SensitivityReport
    expect(sensitivityCsv(report)).toBe(
      'layer,operator,to,alone_sqnr_db,alone_accuracy_drop,restored_sqnr_db,restored_accuracy_gain,added_bytes\r\n' +
        '"a,""b""",Conv,int8,,0,30,0.01,12\r\n' +
        "'=cmd(),Conv,int8,20.5,0.25,30,0.01,12\r\n",
    )
  })
})
