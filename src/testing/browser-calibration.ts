/** Calibration on onnxruntime's WebGPU provider in a browser: bundled by e2e/calibration.spec.ts. Not part of the product. */
import { countBins } from '../backends/observe'
import { createWasmMachine } from '../backends/wasm/machine'
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import { Random } from '../core/random'
import { calibrate } from '../engine/calibrate'
import { inferTypes } from '../engine/infer'
import { BINS } from '../engine/observers/ladder'
import type { ValueStatistics } from '../engine/observers/observer'
import { normalize } from '../engine/normalize'
import { openEngine } from '../engine/session'
import { encodeOnnx } from '../formats/onnx/encode'
import { openObserved } from '../runtime/observed'
import { withOutputs } from '../runtime/observed-model'
import type { Ort } from '../runtime/onnxruntime'
import { buildModel, i64, node, ramp } from './build-model'

const SIZE = [2, 3, 19, 23] as const

/** Convolutions plain and depthwise, a value of shape arithmetic, one without elements; no half floats, which software adapters lack. */
const model = () =>
  buildModel({
    ...{ opset: 21, irVersion: 10 },
    inputs: { x: ['float32', [...SIZE]] },
    outputs: { y: ['float32', [2, 5]] },
    nodes: [
      node('Conv', 'x w b', 'c', { pads: [1, 1, 1, 1], strides: [2, 1] }),
      node('Relu', 'c', 'r'),
      node('Conv', 'r v', 'd', { group: 7, pads: [2, 0, 1, 1] }),
      node('Sigmoid', 'd', 's'),
      node('Mul', 'd s', 'm'),
      node('GlobalAveragePool', 'm', 'g'),
      node('Flatten', 'g', 'f'),
      node('Gemm', 'f k', 'y'),
      node('Shape', 'm', 'i'),
      node('Cast', 'i', 'sizes', { to: 1 }),
      node('Slice', 'y from from', 'none'),
    ],
    initializers: {
      ...{ w: ramp([7, 3, 3, 3], 0.03), b: ramp([7], 0.11), v: ramp([7, 1, 4, 3], 0.05), k: ramp([7, 5], 0.2) },
      from: i64([1], [1]),
    },
  })
const VALUES = ['x', 'w', 'c', 'r', 'd', 's', 'm', 'g', 'f', 'y', 'sizes', 'none']

function sample(seed: number): ReadonlyMap<string, HostArray> {
  const random = new Random(seed)
  const count = SIZE.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, () => random.normal() * 0.4 * seed - 0.3)
  return new Map([['x', hostArray('float32', SIZE, values)]])
}
const samples = () => [1, 2, 3].map(sample)

/** Plain numbers, as they cross to the test. */
export interface SeenValue {
  readonly name: string
  readonly engine: readonly [min: number, max: number]
  readonly runtime: readonly [min: number, max: number]
  readonly downloaded: readonly [min: number, max: number]
  readonly counts: readonly number[]
  /** Of the downloaded values. */
  readonly expected: readonly number[]
  readonly elements: number
}

export interface CalibrationResult {
  readonly machine: string
  readonly samples: number
  readonly values: readonly SeenValue[]
  /** Most bytes that were read from a GPU buffer at once while onnxruntime was calibrated. */
  readonly mostBytesRead: number
  /** Results of onnxruntime that were given back meanwhile. */
  readonly disposed: number
  readonly problems: readonly string[]
}

/** @param ort the build with the WebGPU provider */
export async function runCalibration(
  ort: Ort,
  files: { readonly engine: string; readonly wasmPaths: { readonly wasm: string; readonly mjs: string } },
): Promise<CalibrationResult> {
  const types = inferTypes(await normalize(model())).types
  const options = { values: VALUES, counts: true }
  const machine = await createWasmMachine(new Uint8Array(await (await fetch(files.engine)).arrayBuffer()))
  const session = await openEngine(model(), { machine })
  const engine = await calibrate(session, samples(), options)
  session.dispose()
  const observed = await openObserved(ort, model(), {
    ...{ values: VALUES, types, threads: 1, wasmPaths: files.wasmPaths },
  })
  const reads = countReads()
  const disposals = countDisposals(ort)
  const runtime = await calibrate(observed, samples(), options)
  const mostBytesRead = reads.end()
  const disposed = disposals.end()
  const problems = await problemsOf(ort, observed)
  await observed.release()
  const truth = await download(ort, types)
  return {
    ...{ machine: runtime.machine, samples: runtime.samples, mostBytesRead, disposed, problems },
    values: VALUES.map((name) => seen(name, engine.values.get(name)!, runtime.values.get(name)!, truth.get(name)!)),
  }
}

function seen(name: string, engine: ValueStatistics, runtime: ValueStatistics, truth: readonly number[]): SeenValue {
  const range = truth.length === 0 ? [0, 0] : [Math.min(...truth) + 0, Math.max(...truth) + 0]
  return {
    name,
    engine: [engine.min, engine.max],
    runtime: [runtime.min, runtime.max],
    downloaded: range as [number, number],
    counts: [...runtime.counts!],
    expected: [...countBins(Float32Array.from(truth), runtime.at!, BINS)],
    elements: truth.length,
  }
}

/** All elements of all samples, by value, from a session that gives them to the host. */
async function download(ort: Ort, types: Parameters<typeof withOutputs>[2]): Promise<Map<string, number[]>> {
  const { model: copy, outputs } = withOutputs(model(), VALUES, types)
  const session = await ort.InferenceSession.create(await encodeOnnx(copy), { executionProviders: ['webgpu'] })
  const all = new Map<string, number[]>(VALUES.map((name) => [name, []]))
  for (const feeds of samples()) {
    const x = new ort.Tensor('float32', Float32Array.from(numbersOf(feeds.get('x')!)), [...SIZE])
    const results = await session.run({ x })
    for (const [name, output] of outputs) all.get(name)!.push(...(results[output]!.data as Float32Array))
  }
  await session.release()
  return all
}

/** What it says of values that it cannot observe. */
async function problemsOf(ort: Ort, observed: Awaited<ReturnType<typeof openObserved>>): Promise<string[]> {
  const range = { type: 'range' } as const
  const tries = [
    () => openObserved(ort, model(), { values: ['nothing'], threads: 1 }),
    () => openObserved(ort, model(), { values: ['i'], threads: 1 }),
    () => observed.observe(sample(1), new Map([['i', range]])),
    () => observed.observe(new Map(), new Map([['c', range]])),
  ]
  const problems: string[] = []
  for (const attempt of tries) {
    await attempt().then(
      () => problems.push('no error'),
      (error: Error) => problems.push(`${error.name}: ${error.message}`),
    )
  }
  // and goes on
  const found = await observed.observe(sample(1), new Map([['c', range]]))
  if (found.get('c')!.range!.firstNonFinite !== -1) problems.push('does not go on')
  return problems
}

function countReads(): { end(): number } {
  const { prototype } = (globalThis as unknown as { GPUBuffer: { prototype: GPUBuffer } }).GPUBuffer
  const original = Object.getOwnPropertyDescriptor(prototype, 'mapAsync')!
  let most = 0
  prototype.mapAsync = function (this: GPUBuffer, mode, offset = 0, size = this.size - offset) {
    if (mode === 1) most = Math.max(most, size)
    return (original.value as GPUBuffer['mapAsync']).call(this, mode, offset, size)
  }
  return {
    end() {
      Object.defineProperty(prototype, 'mapAsync', original)
      return most
    },
  }
}

function countDisposals({ Tensor }: Ort): { end(): number } {
  const prototype = Tensor.prototype as unknown as { dispose(): void }
  const original = Object.getOwnPropertyDescriptor(prototype, 'dispose')!
  let count = 0
  prototype.dispose = function () {
    count++
    ;(original.value as () => void).call(this)
  }
  return {
    end() {
      Object.defineProperty(prototype, 'dispose', original)
      return count
    },
  }
}
