import { describe, expect, it } from 'vitest'
import { memorySource, MemoryFolder, singleFile, type Bytes, type FileSet } from '../core/bytes'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Samples } from '../formats/format'
import { onnx } from '../formats/onnx/onnx'
import type { Model } from '../graph/model'
import { buildModel, f32, node, ramp, tensorOf } from '../testing/build-model'
import { testPorts } from '../testing/ports'
import { testRuntime } from '../testing/runtime'
import { compress } from './compress'
import { evaluate } from './evaluate'
import { inspectModel } from './inspect'
import { formatRecipe, parseRecipe } from './recipe'
import { reportHtml } from './report/html'
import { summarize } from './report-summary'
import type { CompressRequest } from './request'

/** A classifier of 37 inputs and 5 classes with one hidden layer. */
const classifier = (): Model =>
  buildModel({
    inputs: { x: ['float32', ['batch', 37]] },
    outputs: { y: ['float32', ['batch', 5]] },
    nodes: [node('MatMul', 'x w1', 'a'), node('Add', 'a b1', 'h'), node('Relu', 'h', 'r'), node('MatMul', 'r w2', 'y')],
    initializers: { w1: ramp([37, 61]), b1: ramp([61]), w2: ramp([61, 5], 0.11) },
  })

async function request(model: Model | Bytes, more: Partial<CompressRequest> = {}) {
  const bytes = model instanceof Uint8Array ? model : await encodeOnnx(model)
  const folder = new MemoryFolder()
  const files = singleFile(memorySource(bytes, 'model.onnx'))
  const job: CompressRequest = { files, recipe: 'auto', seed: 3, folder, outputName: 'small.onnx', ...more }
  return { job, folder, bytes }
}

const int8 = { version: 1 as const, seed: 3, steps: [{ method: 'weights-int8', options: { minBytes: 0 } }] }

describe('compress', () => {
  it('chooses the smallest that keeps the outputs, proves it, and replays to the same bytes', async () => {
    const { ports, progress } = await testPorts()
    const { job, folder, bytes } = await request(classifier())
    const { report } = await compress(job, ports)
    const output = folder.files.get('small.onnx') as Bytes
    expect(output.byteLength).toBeLessThan(0.5 * bytes.byteLength)
    expect(report.output).toMatchObject({ sizeBytes: output.byteLength, isOriginal: false, name: 'small.onnx' })
    expect(report.quality.sqnrDb).toBeGreaterThan(30)
    expect(report.quality).toMatchObject({ data: 'synthetic', providers: [{ name: 'wasm', ok: true }] })
    // A faster form joins them where the clock says that int8 is slower.
    const tried = report.alternatives.map(({ method }) => method)
    expect(tried).toEqual(expect.arrayContaining(['float16', 'tidy', 'weights-int8']))
    expect(report.alternatives.filter(({ isChosen }) => isChosen)).toHaveLength(1)
    expect(report.speed[0]?.afterMs).toBeGreaterThan(0)
    expect(new Set(progress.map(({ stage }) => stage))).toContain('verify')

    const session = await (await testRuntime()).open(output)
    const x = tensorOf(
      'float32',
      [1, 37],
      Array.from({ length: 37 }, (_, i) => Math.sin(i)),
    )
    expect((await session.run(new Map([['x', x]]))).outputs.get('y')?.shape).toEqual([1, 5])
    await session.release()

    const again = await request(bytes, { recipe: report.recipe })
    const reference = await testPorts('reference')
    expect((await compress(again.job, reference.ports)).report.output.sha256).toBe(report.output.sha256)
  })

  it('carries a state from sample to sample, and says so in the recipe', async () => {
    const { ports } = await testPorts()
    const recurrent = buildModel({
      inputs: { x: ['float32', [1, 37]], state: ['float32', [1, 37]] },
      outputs: { y: ['float32', [1, 37]], stateN: ['float32', [1, 37]] },
      nodes: [node('Add', 'x state', 'sum'), node('MatMul', 'sum w', 'y'), node('Tanh', 'y', 'stateN')],
      initializers: { w: ramp([37, 37], 0.01) },
    })
    const values = Array.from({ length: 5 * 37 }, (_, i) => Math.sin(i))
    const samples: Samples = {
      kind: 'arrays',
      name: 'steps.npz',
      sha256: 'a'.repeat(64),
      count: 5,
      notes: [],
      arrays: new Map([['x', tensorOf('float32', [5, 37], values)]]),
    }
    const test = { kind: 'samples' as const, samples, state: [{ output: 'stateN', input: 'state' }] }
    const { job } = await request(recurrent, { recipe: int8, test })
    const { report } = await compress(job, ports)
    expect(report.recipe.data).toEqual([{ role: 'test', sha256: 'a'.repeat(64), samples: 5, state: ['stateN=state'] }])
    expect(parseRecipe(formatRecipe(report.recipe), 'test')).toEqual(report.recipe)
  })

  it('returns the original, with the reason, when nothing is gained', async () => {
    const { ports } = await testPorts()
    const tiny = buildModel({
      inputs: { x: ['float32', [1, 3]] },
      outputs: { y: ['float32', [1, 3]] },
      nodes: [node('Mul', 'x w', 'y')],
      initializers: { w: f32([3], [1.5, -2.25, 0.3]) },
    })
    const { job, folder, bytes } = await request(tiny)
    const { report } = await compress(job, ports)
    expect(folder.files.get('small.onnx')).toEqual(bytes)
    expect(report.output).toMatchObject({ isOriginal: true, sha256: report.input.sha256 })
    expect(report.notes[0]?.text).toMatch(/^The original is kept\. Tried:.*not smaller/)
  })

  it('returns an original with external data as one file, which needs no neighbour and takes no name but its own', async () => {
    const { ports } = await testPorts()
    const small = await request(classifier(), { recipe: int8 })
    await compress(small.job, ports)
    const quantized = singleFile(memorySource(small.folder.files.get('small.onnx') as Bytes))
    const split = new MemoryFolder()
    await onnx.write(await onnx.read(quantized), split, 'model.onnx', { externalData: 'always' })
    const data = split.files.get('model.onnx.data') as Bytes
    const files: FileSet = {
      main: memorySource(split.files.get('model.onnx') as Bytes, 'model.onnx'),
      sibling: async (name) => (name === 'model.onnx.data' ? memorySource(data, name) : null),
    }
    const kept = await request(classifier(), { files })
    const { report } = await compress(kept.job, ports)
    expect([...kept.folder.files.keys()]).toEqual(['small.onnx'])
    const whole = singleFile(memorySource(kept.folder.files.get('small.onnx') as Bytes, 'small.onnx'))
    const held = await evaluate({ files: whole, against: files, seed: 1 }, ports)
    expect(held.quality.outputs.every(({ isIdentical }) => isIdentical)).toBe(true)
    expect(report.output.isOriginal).toBe(true)
    expect(summarize(report)[0]?.remark).toBe('the original, in one file')
  })

  it('never returns a bigger file, whatever was asked for', async () => {
    const { ports } = await testPorts()
    const { job, folder, bytes } = await request(classifier(), {
      recipe: { version: 1, seed: 0, steps: [{ method: 'tidy', options: {} }] },
    })
    const { report } = await compress(job, ports)
    if (report.output.isOriginal) expect(report.notes[0]?.text).toMatch(/already optimal/)
    expect(folder.files.get('small.onnx')?.byteLength).toBeLessThanOrEqual(bytes.byteLength)
  })

  it('does not run a model above the limit, and says what that means', async () => {
    const { ports } = await testPorts()
    const { job, folder } = await request(classifier(), { recipe: int8, maxRunBytes: 1000 })
    const { report } = await compress(job, ports)
    expect(report.quality).toMatchObject({ data: 'weights-only', samples: 0 })
    expect(report.quality.sqnrDb).toBeGreaterThan(30)
    expect(report.speed).toEqual([])
    expect(report.notes[0]).toMatchObject({
      severity: 'warning',
      text: expect.stringContaining('Accuracy was not measured'),
    })
    expect(folder.files.get('small.onnx')?.byteLength).toBe(report.output.sizeBytes)
  })

  it('keeps a model that is too large to run where nothing would shrink', async () => {
    const { ports } = await testPorts()
    const exclude = { ...int8, steps: [{ method: 'weights-int8', options: { exclude: '*' } }] }
    const { job, folder, bytes } = await request(classifier(), { recipe: exclude, maxRunBytes: 1000 })
    const { report } = await compress(job, ports)
    expect(folder.files.get('small.onnx')).toEqual(bytes)
    expect(report.output.isOriginal).toBe(true)
    expect(report.notes.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('No tensor would become smaller'),
    )
  })

  it("ends with onnxruntime's sentence and the node, and writes nothing, when the original cannot run", async () => {
    const { ports } = await testPorts()
    const broken = buildModel({
      inputs: { x: ['float32', [1, 3]] },
      outputs: { y: ['float32', [1, 3]] },
      nodes: [node('example.org:Wobble', 'x', 'y')],
      opsets: { 'example.org': 1 },
    })
    const { job, folder } = await request(broken)
    await expect(compress(job, ports)).rejects.toMatchObject({
      name: 'RuntimeFailure',
      message: expect.stringContaining('Wobble'),
    })
    expect(folder.files.size).toBe(0)
  })

  it('stops when it is cancelled, and writes nothing', async () => {
    const abort = new AbortController()
    const { ports } = await testPorts('wasm', abort.signal)
    const { job, folder } = await request(classifier())
    const running = compress(job, { ...ports, onProgress: () => abort.abort() })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect(folder.files.size).toBe(0)
  })
})

describe('reports', () => {
  it('show before and after, and escape names that come from files', async () => {
    const { ports } = await testPorts()
    const { job } = await request(classifier(), { recipe: int8 })
    const { report } = await compress(job, ports)
    expect(summarize(report).map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Size', 'Output fidelity', 'Time per run']),
    )
    const html = reportHtml({ ...report, input: { ...report.input, name: '<script>alert(1)</script>' } })
    expect(html).not.toContain('<script')
    expect(html).toContain(report.output.sha256)
  })
})

describe('inspect and evaluate', () => {
  it('tells what a file holds and what would happen, without reading weights', async () => {
    const bytes = await encodeOnnx(classifier())
    let read = 0
    const source = memorySource(bytes, 'model.onnx')
    const counting = { ...source, read: (at: number, n: number) => ((read += n), source.read(at, n)) }
    const report = await inspectModel(singleFile(counting), undefined, { withStatic: true })
    expect(report.file).toMatchObject({ name: 'model.onnx', format: 'onnx', sizeBytes: bytes.byteLength })
    expect(report.operators).toEqual({ MatMul: 2, Add: 1, Relu: 1 })
    expect(report.parameters).toBe(37 * 61 + 61 + 61 * 5)
    expect(report.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: ['batch', 37] }])
    expect(report.prediction.sizeBytes).toBeLessThan(bytes.byteLength)
    expect(report.predictionWithData).toMatchObject({ method: 'static-int8' })
    expect(report.predictionWithData!.sizeBytes).toBeLessThan(bytes.byteLength)
    expect(report.prediction.decisions.find(({ tensor }) => tensor === 'b1')).toMatchObject({ action: 'keep' })
    expect(read).toBeGreaterThan(0)
  })

  it('holds one model against another', async () => {
    const { ports } = await testPorts()
    const original = await encodeOnnx(classifier())
    const { job, folder } = await request(original, { recipe: int8 })
    await compress(job, ports)
    const small = singleFile(memorySource(folder.files.get('small.onnx') as Bytes, 'small.onnx'))
    const report = await evaluate({ files: small, against: job.files, seed: 3 }, ports)
    expect(report).toMatchObject({ version: 1, model: { name: 'small.onnx' }, against: { name: 'model.onnx' } })
    expect(report.quality.outputs[0]?.isIdentical).toBe(false)
    const alone = await evaluate({ files: job.files, seed: 3 }, ports)
    expect(alone.quality.outputs[0]?.isIdentical).toBe(true)
  })
})
