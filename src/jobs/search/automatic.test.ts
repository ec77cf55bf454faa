import { beforeAll, describe, expect, it } from 'vitest'
import { MemoryFolder, memorySource, singleFile, type Bytes } from '../../core/bytes'
import { AbortError } from '../../core/errors'
import { encodeOnnx } from '../../formats/onnx/encode'
import { testPorts } from '../../testing/ports'
import type { Checkpoints } from '../checkpoints'
import { compress } from '../compress'
import type { JobPorts } from '../ports'
import type { CompressRequest } from '../request'
import { classifierWithOutlier, userData } from './job-kit'

const model = await encodeOnnx(classifierWithOutlier())

async function start(change: Partial<CompressRequest> = {}, more: Partial<JobPorts> = {}) {
  const { ports, progress } = await testPorts()
  // the engine's opinion of the result is tested elsewhere
  const { openMachine: _, ...quick } = ports
  const folder = new MemoryFolder()
  const request: CompressRequest = {
    ...{ files: singleFile(memorySource(model, 'model.onnx')), recipe: 'auto', seed: 3, folder, maxTrials: 14 },
    ...{ outputName: 'small.onnx', calibrate: userData(80, 11), test: userData(30, 12) },
    ...change,
  }
  const { report } = await compress(request, { ...quick, ...more })
  return { report, bytes: folder.files.get('small.onnx') as Bytes, progress }
}

class MemoryCheckpoints implements Checkpoints {
  readonly kept = new Map<string, { json: string; bytes: Bytes | null }>()
  async load(key: string) {
    const found = this.kept.get(key)
    return found ? { json: JSON.parse(found.json) as unknown, bytes: found.bytes?.slice() ?? null } : null
  }
  async save(key: string, json: unknown, bytes: Bytes | null) {
    this.kept.set(key, { json: JSON.stringify(json), bytes: bytes?.slice() ?? null })
  }
  async clear() {
    this.kept.clear()
  }
}

describe('the automatic choice with calibration data', () => {
  let whole: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    whole = await start()
  })

  it('says how it went about it, trial by trial', () => {
    const { report, progress } = whole
    expect(report.search).toMatchObject({ budget: { kind: 'no-loss' }, maxTrials: 14, scoringSamples: 40 })
    expect(report.search!.trials).toBeGreaterThan(8)
    expect(report.search!.trials).toBeLessThanOrEqual(14)
    expect(report.search!.metric).toBe('agreement')
    expect(report.alternatives.filter(({ isChosen }) => isChosen)).toHaveLength(1)
    const points = progress.flatMap(({ trial }) => trial ?? [])
    expect(new Set(points.map(({ name }) => name)).size).toBe(points.length)
    expect(progress.find(({ stage }) => stage === 'trial')?.item).toBe('1 of 14: weights-int8')
  })

  it('offers points of the front that are what they say, also without the calibration data', async () => {
    const front = whole.report.alternatives.filter(({ isOnFront, isChosen }) => isOnFront && !isChosen)
    expect(front.length).toBeGreaterThan(0)
    const [point] = front
    const { ports } = await testPorts()
    const folder = new MemoryFolder()
    const files = singleFile(memorySource(model, 'model.onnx'))
    const request = { files, seed: 3, folder, outputName: 'small.onnx', test: userData(30, 12) }
    const { report } = await compress({ ...request, recipe: point!.recipe! }, ports)
    expect(report.output.sizeBytes).toBe(point!.sizeBytes)
    expect((await start({ recipe: whole.report.recipe })).bytes).toEqual(whole.bytes)
  })

  it('decides the same again, whatever the test data', async () => {
    const again = await start({ test: userData(40, 99) })
    expect(again.report.recipe.steps).toEqual(whole.report.recipe.steps)
    expect(again.bytes).toEqual(whole.bytes)
    const scored = ({ report }: typeof whole) =>
      report.alternatives.filter(({ isChosen }) => !isChosen).map(({ afterMs: _, ...rest }) => rest)
    expect(scored(again)).toEqual(scored(whole))
  })

  it.each([
    [{ kind: 'size', sizeBytes: 6500 }, (size: number) => size <= 6500],
    [{ kind: 'drop', drop: 0.05 }, (_: number, drop = 1) => drop <= 0.05],
  ] as const)('keeps the budget %j', async (budget, isKept) => {
    const { report } = await start({ budget })
    const chosen = report.alternatives.find(({ isChosen }) => isChosen)
    expect(isKept(report.output.sizeBytes, chosen?.drop)).toBe(true)
  })

  it('says where nothing is as small as the budget', async () => {
    const { report } = await start({ budget: { kind: 'size', sizeBytes: 10 }, maxTrials: 3 })
    expect(report.notes.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Nothing that was tried is as small as the budget of 10 B: this is the smallest, /),
    )
    expect(report.search?.trials).toBeLessThanOrEqual(3)
  })

  it('stops when it is cancelled, and goes on with what was scored', async () => {
    const checkpoints = new MemoryCheckpoints()
    const abort = new AbortController()
    const onProgress = () => void (checkpoints.kept.size >= 5 && abort.abort())
    await expect(start({}, { checkpoints, signal: abort.signal, onProgress })).rejects.toThrow(AbortError)
    expect(checkpoints.kept.size).toBe(5)
    const again = await start({}, { checkpoints })
    expect(again.bytes).toEqual(whole.bytes)
    expect(again.report.recipe).toEqual(whole.report.recipe)
    expect(again.report.notes.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Continued after an interruption: \d+ of \d+ trials were taken from before\.$/),
    )
  })
})
