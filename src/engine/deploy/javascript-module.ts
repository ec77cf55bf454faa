/**
 * A trained model as one JavaScript file that needs nothing else: its weights, a kilobyte of WebAssembly, the program of
 * its layers as plain code, and types in JSDoc. Values are float32 there, whole numbers are exact up to 2^24.
 */
import kernels from '../../../build/wasm/deploy.wasm?url&inline'
import { UnsupportedError } from '../../core/errors'
import type { Dim, Model, ValueInfo } from '../../graph/model'
import { normalize, type Normalized } from '../normalize'
import { aboutModel, type About } from './about'
import { assemble } from './assemble'
import { moduleText, type Port } from './module-text'
import { programFor, type Program, type TextNumbers } from './program'

export interface JavaScriptModuleOptions {
  /** Of the model, for the head of the file. */
  readonly name: string
  /**
   * What a row of the table holds, in its order. Default: what the model's metadata says (a table that it was trained on
   * here); where that is nothing, a row holds the numbers of the model's inputs.
   */
  readonly columns?: readonly ModuleColumn[]
  /** In the order of the model's scores; a single score is that of the second of two. Default: as the metadata says. */
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
  graph.inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  const batches = isOpen(graph.inputs) ? BATCHES : [1]
  const texts: TextNumbers = new Map()
  const programs: Program[] = []
  for (const batch of batches) programs.push(await programFor(normalized, shapesFor(graph.inputs, batch), texts))
  const program = assemble(programs, batches)
  const inputs = graph.inputs.map((input, i) => ({ ...portOf(input, program.inputs[i]), width: widthOf(input) }))
  const outputs = graph.outputs.map((output, i) => {
    const { shape } = programs[0]?.outputs[i] ?? { shape: [] }
    return { ...portOf(output, program.outputs[i]), width: outputWidth(output.name, shape, batches[0] as number) }
  })
  return moduleText({
    ...{ program, texts, inputs, outputs, name: options.name, kernels: kernels.slice(kernels.indexOf(',') + 1) },
    ...fitting({ ...aboutModel(model), ...options }, inputs, outputs),
    areProbabilities: endsInProbabilities(normalized),
    isFixed: batches.length === 1,
  })
}

function portOf({ name, type }: ValueInfo, address: number | undefined): Omit<Port, 'width'> {
  const isText = type?.kind === 'tensor' && type.dtype === 'string'
  return { name, address, isText }
}

/** What is said of rows and scores, as far as it is about this model: metadata may be older than the graph. */
function fitting({ columns, classes }: About, inputs: readonly Port[], outputs: readonly Port[]): About {
  const hasPlace = ({ input, index }: ModuleColumn) => inputs.some(({ name, width }) => name === input && index < width)
  const places = inputs.reduce((sum, { width }) => sum + width, 0)
  const fits = columns?.length === places && columns.every(hasPlace)
  if (!fits && inputs.some(({ isText }) => isText)) {
    throw new UnsupportedError(
      'The model takes texts, and nothing says which column of a table they come from. A JavaScript module needs the columns.',
    )
  }
  const scores = outputs[0]?.width
  const isScored =
    classes && outputs.length === 1 && (scores === classes.length || (scores === 1 && classes.length === 2))
  return { ...(fits && { columns }), ...(isScored && { classes }) }
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
    `The inputs have ${sizes.map((size) => size ?? '?').join(' and ')} samples; a JavaScript module needs an open number, or 1. Use the ONNX file instead.`,
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
