/** What the tests of the rewrites share: run tidy, run models in onnxruntime, compare to the bit. Not part of the product. */
import { expect } from 'vitest'
import { resolveOptions } from '../core/options'
import type { Note } from '../core/progress'
import { Random } from '../core/random'
import { asNumbers, float16ToNumber, float32Tensor, type Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import { bodies, type Model, type Node } from '../graph/model'
import { testRuntime } from './runtime'
import type { MethodContext, TensorChange } from '../methods/method'
import { meta } from '../methods/tidy/meta'
import { method } from '../methods/tidy/tidy'

export type Feeds = ReadonlyMap<string, Tensor>
export type Optimize = 'all' | 'none'

export async function runModel(model: Model, feeds: Feeds, optimize: Optimize = 'none'): Promise<Map<string, Tensor>> {
  const runtime = await testRuntime()
  const session = await runtime.open(await encodeOnnx(model), { optimize })
  try {
    return (await session.run(feeds)).outputs
  } finally {
    await session.release()
  }
}

export interface Tidied {
  readonly model: Model
  readonly tensors: readonly TensorChange[]
  readonly notes: readonly string[]
}

/** Everything off but what is named; minBytes is at its smallest, so that small tensors show the rewrite. */
export function only(...on: (keyof typeof meta.options)[]): Record<string, unknown> {
  const all = Object.entries(meta.options).map(([name, spec]) => [name, spec.type === 'boolean' ? false : 256])
  return { ...Object.fromEntries(all), ...Object.fromEntries(on.map((name) => [name, true])) }
}

export async function runTidy(model: Model, given: Record<string, unknown> = {}): Promise<Tidied> {
  const notes: Note[] = []
  const context = {
    run: (part: Model, feeds: Feeds) => runModel(part, feeds),
    signal: new AbortController().signal,
    seed: 0,
    note: (note: Note) => void notes.push(note),
    progress: () => undefined,
  } as Partial<MethodContext> as MethodContext
  const result = await method.run(context, model, resolveOptions(meta.options, given, 'tidy'))
  return { ...result, notes: notes.map((note) => note.text) }
}

/** Both models give the same bits, with onnxruntime's optimizer off and as users run them. */
export async function expectSameBits(
  before: Model,
  after: Model,
  feeds: Feeds,
  modes: readonly Optimize[] = ['none', 'all'],
): Promise<void> {
  for (const optimize of modes) {
    const expected = await runModel(before, feeds, optimize)
    const found = await runModel(after, feeds, optimize)
    expect([...found.keys()]).toEqual([...expected.keys()])
    for (const [name, tensor] of expected) {
      const other = found.get(name)
      expect({ name, optimize, dtype: other?.dtype, shape: other?.shape }).toEqual({
        ...{ name, optimize, dtype: tensor.dtype, shape: tensor.shape },
      })
      expect(Buffer.compare(tensor.data, other?.data ?? new Uint8Array(0)), `bits of ${name}, ${optimize}`).toBe(0)
    }
  }
}

/** Largest difference divided by the largest magnitude of the reference. */
export function relativeError(expected: Tensor, found: Tensor): number {
  const [a, b] = [asNumbers(expected), asNumbers(found)]
  let error = 0
  let scale = 0
  for (let i = 0; i < a.length; i++) {
    error = Math.max(error, Math.abs((a[i] as number) - (b[i] as number)))
    scale = Math.max(scale, Math.abs(a[i] as number))
  }
  return scale === 0 ? error : error / scale
}

export function opTypes(model: Model): string[] {
  return allNodes(model).map((node) => node.opType)
}

export function allNodes(model: Model): Node[] {
  return [...bodies(model)].flatMap((body) => body.nodes)
}

/** Seeded normal numbers. */
export function randomFloats(shape: readonly number[], seed = 7): Tensor {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  return float32Tensor(
    shape,
    Float32Array.from({ length: count }, () => random.normal()),
  )
}

/** The numbers that a float16 tensor's bytes stand for. */
export function float16Values(bytes: Uint8Array): number[] {
  return Array.from(new Uint16Array(bytes.slice().buffer), float16ToNumber)
}
