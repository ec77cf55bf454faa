import { describe, expect, it } from 'vitest'
import { MemoryFolder, memorySource, singleFile, type Bytes } from '../core/bytes'
import { AbortError } from '../core/errors'
import { encodeOnnx } from '../formats/onnx/encode'
import { buildModel, node, ramp } from '../testing/build-model'
import { testPorts } from '../testing/ports'
import type { Checkpoints } from './checkpoints'
import { compress } from './compress'
import type { JobPorts } from './ports'
import type { CompressRequest } from './request'

/** What a store keeps: a copy of everything, as JSON and bytes. */
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

const build = (scale: number) =>
  buildModel({
    inputs: { x: ['float32', ['batch', 37]] },
    outputs: { y: ['float32', ['batch', 5]] },
    nodes: [node('MatMul', 'x w1', 'h'), node('Relu', 'h', 'r'), node('MatMul', 'r w2', 'y')],
    initializers: { w1: ramp([37, 61]), w2: ramp([61, 5], scale) },
  })
const model = await encodeOnnx(build(0.11))
const other = await encodeOnnx(build(0.12))

async function start(more: Partial<JobPorts> = {}, change: Partial<CompressRequest> = {}) {
  const { ports, progress } = await testPorts()
  const folder = new MemoryFolder()
  const files = singleFile(memorySource(model, 'model.onnx'))
  const request: CompressRequest = { files, recipe: 'auto', seed: 3, folder, outputName: 'small.onnx', ...change }
  const result = compress(request, { ...ports, ...more, onProgress: more.onProgress ?? ports.onProgress })
  return { result, progress, folder }
}

/** Ends the job, as a killed tab does, once `count` trials are kept. */
async function interrupted(checkpoints: MemoryCheckpoints, count: number) {
  const abort = new AbortController()
  const { result } = await start({
    checkpoints,
    signal: abort.signal,
    onProgress: () => void (checkpoints.kept.size >= count && abort.abort()),
  })
  await expect(result).rejects.toThrow(AbortError)
  expect(checkpoints.kept.size).toBe(count)
}

const writes = (progress: readonly { stage: string; done: number; total: number }[]) =>
  progress.filter(({ stage, done, total }) => stage === 'write' && done === total).length

describe('a job that was interrupted', () => {
  it('goes on after its finished trials and ends with the same bytes and the same report', async () => {
    const whole = await start()
    const undisturbed = await whole.result
    const checkpoints = new MemoryCheckpoints()
    await interrupted(checkpoints, 2)

    const again = await start({ checkpoints })
    const { report } = await again.result
    expect(again.folder.files.get('small.onnx')).toEqual(whole.folder.files.get('small.onnx'))
    expect(report.output).toEqual(undisturbed.report.output)
    expect(report.recipe).toEqual(undisturbed.report.recipe)
    expect(report.quality).toEqual(undisturbed.report.quality)
    expect(report.tensors).toEqual(undisturbed.report.tensors)
    // a faster form joins them where the clock says that int8 is slower
    const tried = report.alternatives.map(({ method }) => method)
    expect(tried).toEqual(expect.arrayContaining(['float16', 'tidy', 'weights-int8']))
    expect(report.notes).toContainEqual({
      severity: 'info',
      text: expect.stringMatching(/^Continued after an interruption: 2 of [34] trials were taken from before\.$/),
    })
    expect(undisturbed.report.notes.map(({ text }) => text).join()).not.toContain('interruption')
    expect(writes(again.progress)).toBeLessThan(writes(whole.progress))
  })

  it.each([
    ['seed', { seed: 4 }],
    ['name of the result', { outputName: 'other.onnx' }],
    ['model', { files: singleFile(memorySource(other, 'model.onnx')) }],
  ])('takes nothing from a job with another %s', async (_, change) => {
    const checkpoints = new MemoryCheckpoints()
    await interrupted(checkpoints, 1)
    const { result } = await start({ checkpoints }, change)
    expect((await result).report.notes.map(({ text }) => text).join()).not.toContain('interruption')
  })

  it('works again where what was kept is not what was written', async () => {
    const undisturbed = await (await start()).result
    for (const spoil of [
      (kept: { json: string; bytes: Bytes | null }) => kept.bytes?.fill(7, 9, 10),
      (kept: { json: string; bytes: Bytes | null }) => void (kept.bytes = null),
      (kept: { json: string; bytes: Bytes | null }) => void (kept.json = kept.json.replace('"sqnrDb":', '"sqnr":')),
      (kept: { json: string; bytes: Bytes | null }) => void (kept.json = kept.json.replaceAll('"seed":3', '"seed":5')),
      (kept: { json: string; bytes: Bytes | null }) => void (kept.json = '[]'),
    ]) {
      const checkpoints = new MemoryCheckpoints()
      await interrupted(checkpoints, 1)
      for (const kept of checkpoints.kept.values()) spoil(kept)
      const { report } = await (await start({ checkpoints })).result
      expect(report.output).toEqual(undisturbed.report.output)
      expect(report.notes.map(({ text }) => text).join()).not.toContain('interruption')
    }
  })

  it('goes on without checkpoints where they cannot be kept or read', async () => {
    const fail = () => Promise.reject(new Error('the disk is gone'))
    const { result, folder } = await start({ checkpoints: { load: fail, save: fail, clear: fail } })
    expect((await result).report.output.isOriginal).toBe(false)
    expect(folder.files.get('small.onnx')?.byteLength).toBeGreaterThan(0)
  })
})

describe('the progress of a whole job', () => {
  const overall = (progress: readonly { overall?: number }[]) => progress.map((step) => step.overall)

  function checkWhole(values: readonly (number | undefined)[]) {
    expect(values.length).toBeGreaterThan(3)
    expect(values.at(-1)).toBe(1)
    for (const [i, value] of values.entries()) expect(value).toBeGreaterThanOrEqual(values[i - 1] ?? 0)
    expect(new Set(values).size).toBeGreaterThan(3)
  }

  it.each([
    ['with the automatic choice', {}],
    ['with a recipe', { recipe: { version: 1, seed: 3, steps: [{ method: 'float16', options: {} }] } }],
    ['for a model too large to run', { maxRunBytes: 100 }],
    ['where the original is kept', { recipe: { version: 1, seed: 3, steps: [{ method: 'tidy', options: {} }] } }],
  ] as [string, Partial<CompressRequest>][])('never falls and ends at 1, %s', async (_, change) => {
    const { result, progress } = await start({}, change)
    await result
    checkWhole(overall(progress))
  })
})
