/**
 * A trained model as one JavaScript file that needs nothing else: its weights, a kilobyte of WebAssembly, the program of
 * its layers as plain code, and types in JSDoc. Values are float32 there, whole numbers are exact up to 2^24.
 */
import kernels from '../../../build/wasm/deploy.wasm?url&inline'
import { UnsupportedError } from '../../core/errors'
import type { Dim, Model, ValueInfo } from '../../graph/model'
import { normalize, type Normalized } from '../normalize'
import { assemble } from './assemble'
import { moduleText, type ModuleParts } from './module-text'
import { programFor } from './program'

export interface JavaScriptModuleOptions {
  /** Of the model, for the head of the file. */
  readonly name: string
  /** What a row of the table holds, in its order; without, a row holds the numbers of the model's inputs. */
  readonly columns?: readonly ModuleColumn[]
  /** In the order of the model's scores. A single score is that of the second of two. */
  readonly classes?: readonly string[]
}

export interface ModuleColumn {
  readonly name: string
  readonly kind: 'number' | 'category'
  /** The model's input, and the place in it. */
  readonly input: string
  readonly index: number
}

/** Sizes of the batch that the program is made for; none is a size that models have for another reason. */
const BATCHES = [5, 7, 11]

/**
 * @param model float32, or with float16 or integer weights or integers throughout (QDQ or integer operators); stays as it is
 * @returns the text of an ECMAScript module that exports `load()`
 * @throws UnsupportedError naming what a module cannot compute; ShapeError, AbortError
 */
export async function writeJavaScriptModule(
  model: Model,
  options: JavaScriptModuleOptions & { readonly signal?: AbortSignal },
): Promise<string> {
  const normalized = await normalize(model, options.signal)
  const { graph } = normalized.model
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  graph.inputs = inputs
  const batches = isOpen(inputs) ? BATCHES : [1]
  const programs = await Promise.all(batches.map((batch) => programFor(normalized, shapesFor(inputs, batch))))
  const program = assemble(programs, batches)
  const [first] = programs as [(typeof programs)[0]]
  return moduleText({
    ...{ program, options, kernels: kernels.slice(kernels.indexOf(',') + 1) },
    inputs: inputs.map((input, i) => ({ name: input.name, address: program.inputs[i], width: widthOf(input) })),
    outputs: graph.outputs.map(({ name }, i) => {
      const { shape } = first.outputs[i] as (typeof first.outputs)[0]
      return { name, address: program.outputs[i] as number, width: outputWidth(name, shape, batches[0] as number) }
    }),
    areProbabilities: endsInProbabilities(normalized),
    isFixed: batches.length === 1,
  } satisfies ModuleParts)
}

const shapeOf = ({ name, type }: ValueInfo): readonly Dim[] => {
  const shape = type?.kind === 'tensor' ? type.shape : undefined
  if (shape && shape.length > 0) return shape
  throw new UnsupportedError(
    `The input ${name} has no axis of samples, and a JavaScript module computes samples. Use the ONNX file instead.`,
  )
}

/** Whether the model takes any number of samples. */
function isOpen(inputs: readonly ValueInfo[]): boolean {
  const sizes = inputs.map((input) => shapeOf(input)[0])
  if (sizes.every((size) => typeof size !== 'number')) return true
  if (sizes.every((size) => size === 1)) return false
  throw new UnsupportedError(
    `The inputs have ${sizes.map((size) => size ?? 'any number of').join(' and ')} samples; a JavaScript module needs an open number, or 1. Use the ONNX file instead.`,
  )
}

const shapesFor = (inputs: readonly ValueInfo[], batch: number): ReadonlyMap<string, readonly number[]> =>
  new Map(inputs.map((input) => [input.name, [batch, ...sampleShape(input)]]))

function sampleShape(input: ValueInfo): readonly number[] {
  const rest = shapeOf(input).slice(1)
  const open = rest.find((dim) => typeof dim !== 'number')
  if (open === undefined) return rest as number[]
  throw new UnsupportedError(
    `The input ${input.name} has an axis of open size (${open ?? '?'}), and a JavaScript module has fixed shapes. Use the ONNX file instead.`,
  )
}

const widthOf = (input: ValueInfo): number => sampleShape(input).reduce((product, size) => product * size, 1)

function outputWidth(name: string, shape: readonly number[], batch: number): number {
  const count = shape.reduce((product, size) => product * size, 1)
  if (shape[0] === batch) return count / batch
  throw new UnsupportedError(
    `The output ${name} has no axis of samples, and a JavaScript module computes samples. Use the ONNX file instead.`,
  )
}

const PASSED = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'QuantizeLinear', 'DequantizeLinear'])

/** Whether the first output comes out of a Softmax or Sigmoid. */
function endsInProbabilities({ model: { graph } }: Normalized): boolean {
  let name = graph.outputs[0]?.name ?? ''
  for (;;) {
    const maker = graph.nodes.find(({ outputs }) => outputs.includes(name))
    if (!maker) return false
    if (!PASSED.has(maker.opType)) return maker.opType === 'Softmax' || maker.opType === 'Sigmoid'
    name = maker.inputs[0] ?? ''
  }
}
