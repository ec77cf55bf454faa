import { hostArray, toTensor, type HostArray } from '../../../core/host-array'
import {
  attribute,
  bodies,
  cloneModel,
  tensorFromBytes,
  type Attribute,
  type Dim,
  type Graph,
  type LazyTensor,
  type Model,
  type Node,
} from '../../../graph/model'
import type { CategoryEncoding, TableEncoding } from './encoding'

/** Key of a model's metadata under which the encoding of its table stands, as JSON. */
export const ENCODING_KEY = 'plume.table'
/** Equal compares texts from it on. */
const OPSET = 19

/**
 * Puts the encoding in front of a model: `features` [batch, n] takes the columns of numbers as they are, NaN where missing,
 * and an input [batch, 1] of strings per column of texts, named like it. Of a regression the output is in the target's units.
 * @param core its first input takes encoded rows
 */
export function attachEncoding(core: Model, encoding: TableEncoding): Model {
  const model = cloneModel(core)
  const opset = Math.max(OPSET, model.opsets.get('') ?? 0)
  model.opsets.set('', opset)
  model.edits++
  const { graph } = model
  const [input] = graph.inputs
  if (!input) return model
  const writer = new Writer(model)
  writer.rename(input.name, writer.unique('encoded'))
  const encoded = graph.inputs.shift()?.name as string
  const batch = (input.type?.kind === 'tensor' ? input.type.shape?.[0] : undefined) ?? 'batch'
  const features = writer.features(encoding, batch)
  const categories = encoding.categories.map((one) => writer.withInput(one, batch))
  writer.encode({ ...encoding, categories }, features, encoded)
  model.metadata.set(ENCODING_KEY, JSON.stringify({ ...encoding, categories }))
  if (encoding.scale) writer.unscale(encoding.scale)
  graph.nodes.unshift(...writer.before)
  graph.nodes.push(...writer.after)
  return model
}

/** The encoding that a model carries; undefined where it has none that is understood. */
export function encodingOf(model: Pick<Model, 'metadata'>): TableEncoding | undefined {
  const text = model.metadata.get(ENCODING_KEY)
  if (text === undefined) return undefined
  try {
    const encoding = JSON.parse(text) as Partial<TableEncoding>
    const isKnown = encoding.version === 1 && Array.isArray(encoding.features) && Array.isArray(encoding.categories)
    return isKnown ? (encoding as TableEncoding) : undefined
  } catch {
    return undefined
  }
}

class Writer {
  readonly before: Node[] = []
  readonly after: Node[] = []
  readonly #model: Model
  readonly #graph: Graph
  readonly #names = new Set<string>()
  #nodes = this.before

  constructor(model: Model) {
    this.#model = model
    this.#graph = model.graph
    for (const body of bodies(model)) {
      for (const node of body.nodes) for (const name of [...node.inputs, ...node.outputs]) this.#names.add(name)
      for (const one of [...body.inputs, ...body.outputs]) this.#names.add(typeof one === 'string' ? one : one.name)
    }
  }

  unique(wish: string): string {
    let name = wish
    for (let i = 1; this.#names.has(name); i++) name = `${wish}_${i}`
    this.#names.add(name)
    return name
  }

  rename(from: string, to: string): void {
    this.#names.delete(from)
    for (const { nodes } of bodies(this.#model)) {
      for (const node of nodes) node.inputs = node.inputs.map((name) => (name === from ? to : name))
    }
    for (const one of this.#graph.inputs) if (one.name === from) one.name = to
  }

  features({ features }: TableEncoding, batch: Dim): string {
    return features.length > 0 ? this.#input('features', 'float32', [batch, features.length]) : ''
  }

  withInput(one: CategoryEncoding, batch: Dim): CategoryEncoding {
    if (!one.texts || one.texts.length === 0) return one
    const input = this.#input(one.column, 'string', [batch, 1])
    return input === one.column ? one : { ...one, input }
  }

  encode({ features, numbers, categories }: TableEncoding, all: string, output: string): void {
    const parts: string[] = []
    if (numbers.length > 0) {
      const places = numbers.map(({ feature }) => feature)
      const raw = places.length === features.length ? all : this.#columns(all, places)
      const shifted = this.#add('Sub', [
        raw,
        this.#floats(
          'shift',
          numbers.map(({ shift }) => shift),
        ),
      ])
      const scaled = this.#add('Mul', [
        shifted,
        this.#floats(
          'scale',
          numbers.map(({ scale }) => scale),
        ),
      ])
      const isOdd = this.#add('Or', [this.#add('IsNaN', [scaled]), this.#add('IsInf', [scaled])])
      parts.push(
        this.#add('Where', [
          isOdd,
          this.#floats(
            'fill',
            numbers.map(({ fill }) => fill),
          ),
          scaled,
        ]),
      )
      const marked = numbers.flatMap(({ marksMissing }, place) => (marksMissing ? [place] : []))
      if (marked.length > 0) parts.push(this.#float(this.#columns(isOdd, marked)))
    }
    for (const one of categories) parts.push(...this.#category(one, all))
    if (parts.length === 1) this.#add('Identity', parts, [], output)
    else this.#add('Concat', parts, [attribute.int('axis', 1)], output)
  }

  #category({ column, texts, values = [], input, feature, hasOther }: CategoryEncoding, all: string): string[] {
    // Without any category there is nothing to compare with
    if ((texts ?? values).length === 0) return []
    const given = texts ? (input ?? column) : this.#columns(all, [feature as number])
    const known = texts ? this.#strings(`${column}_texts`, texts) : this.#floats(`${column}_values`, values)
    const places = this.#float(this.#add('Equal', [given, known]))
    if (!hasOther) return [places]
    const axis = this.#initializer('axis', hostArray('int64', [1], [1]))
    const found = this.#add('ReduceSum', [places, axis], [attribute.int('keepdims', 1)])
    return [places, this.#add('Sub', [this.#initializer('one', hostArray('float32', [], [1])), found])]
  }

  /** output · deviation + mean under the output's name. */
  unscale({ mean, deviation }: { mean: number; deviation: number }): void {
    const output = this.#graph.outputs[0]
    if (!output) return
    this.#nodes = this.after
    const inner = this.unique(`${output.name}_scaled`)
    for (const node of this.#graph.nodes) {
      node.outputs = node.outputs.map((name) => (name === output.name ? inner : name))
      node.inputs = node.inputs.map((name) => (name === output.name ? inner : name))
    }
    const scaled = this.#add('Mul', [inner, this.#initializer('deviation', hostArray('float32', [], [deviation]))])
    this.#add('Add', [scaled, this.#initializer('mean', hostArray('float32', [], [mean]))], [], output.name)
  }

  #input(wish: string, dtype: 'float32' | 'string', shape: Dim[]): string {
    const name = this.unique(wish)
    this.#graph.inputs.push({ name, type: { kind: 'tensor', dtype, shape } })
    return name
  }

  #columns(value: string, places: readonly number[]): string {
    const indices = this.#initializer('columns', hostArray('int64', [places.length], places))
    return this.#add('Gather', [value, indices], [attribute.int('axis', 1)])
  }

  #float = (value: string): string => this.#add('Cast', [value], [attribute.int('to', 1)])

  #floats = (wish: string, values: readonly number[]): string =>
    this.#initializer(wish, hostArray('float32', [1, values.length], values))

  #strings(wish: string, texts: readonly string[]): string {
    const encoder = new TextEncoder()
    const bytes = texts.map((text) => encoder.encode(text))
    const name = this.unique(wish)
    const empty = tensorFromBytes(name, 'string', [1, texts.length], new Uint8Array(0))
    const tensor: LazyTensor = { ...empty, strings: async () => bytes }
    this.#graph.initializers.set(name, tensor)
    return name
  }

  #initializer(wish: string, array: HostArray): string {
    const name = this.unique(`encode_${wish}`)
    const { dtype, shape, data } = toTensor(array)
    this.#graph.initializers.set(name, tensorFromBytes(name, dtype, shape, data))
    return name
  }

  #add(opType: string, inputs: string[], attributes: Attribute[] = [], output?: string): string {
    const name = output ?? this.unique(`encode_${opType}`)
    const map = new Map(attributes.map((one) => [one.name, one]))
    this.#nodes.push({ name, opType, domain: '', inputs, outputs: [name], attributes: map })
    return name
  }
}
