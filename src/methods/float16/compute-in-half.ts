import { dtypeToOnnx, type DType } from '../../core/dtypes'
import { numberToFloat16 } from '../../core/tensor'
import type { GraphEditor, Use, Value } from '../../graph/edit'
import { attribute, tensorFromBytes, type Body, type Node, type ValueType } from '../../graph/model'
import type { MethodContext } from '../method'
import type { Rounded } from './float16'
import { inferDTypes } from '../../graph/infer-dtypes'
import { halfTensor } from './measure'
import type { Options } from './plan'
import { nodesInFloat32, wantsFloat32 } from './unsafe'

/**
 * Lets the whole graph compute in float16: constants are rounded, dtypes in attributes and declarations follow, and a
 * Cast stands wherever a value is read in another precision than it is made in.
 * @returns the tensors that became float16; undefined where the graph cannot be converted (noted, nothing changed)
 */
export function computeInHalf(
  context: MethodContext,
  editor: GraphEditor,
  rounded: readonly Rounded[],
  options: Options,
): Rounded[] | undefined {
  const dtypes = inferDTypes(editor)
  const problem = whyNot(editor, dtypes)
  if (problem) {
    const text = `Only weights are stored in float16; the graph computes in float32 as before, because ${problem}.`
    context.note({ severity: 'warning', text })
    return undefined
  }
  const obstacles = new Map(rounded.flatMap((r) => (r.obstacle ? [[r.plan.stored.value, r.obstacle] as const] : [])))
  const kept = nodesInFloat32(editor, dtypes, obstacles)
  noteKept(context, kept)
  const made = new Conversion(editor, dtypes, kept, options)
  const done = rounded.filter((item) => made.convertConstant(item))
  made.convertNodes()
  made.convertValues()
  return done
}

/** Where types cannot be followed, nothing is converted. */
function whyNot(editor: GraphEditor, dtypes: ReadonlyMap<Value, DType>): string | undefined {
  for (const node of editor.nodes()) {
    const body = editor.bodyOf(node)
    if (topOf(editor, body).kind === 'function') continue
    if (/^(Sequence|SplitToSequence|ConcatFromSequence|Optional|Scan$)/.test(node.opType)) {
      return `node "${node.name}" (${node.opType}) hands on sequences or scans`
    }
    for (let i = 0; i < node.outputs.length; i++) {
      const value = editor.output(node, i)
      if (value && !dtypes.has(value)) return `the type of "${value.name}" (made by ${node.opType}) is not known`
      for (const use of value?.uses ?? []) {
        if (use.kind === 'output' && use.body !== body) return `"${value?.name}" is handed out by an inner graph`
      }
    }
  }
  return undefined
}

function topOf(editor: GraphEditor, body: Body): Body {
  let top = body
  for (let parent = editor.parentOf(top); parent; parent = editor.parentOf(top)) top = parent
  return top
}

function noteKept(context: MethodContext, kept: ReadonlyMap<Node, string>): void {
  const byReason = new Map<string, Node[]>()
  for (const [node, reason] of kept) byReason.set(reason, [...(byReason.get(reason) ?? []), node])
  for (const [reason, nodes] of byReason) {
    const names = nodes.slice(0, 3).map((node) => `"${node.name || node.outputs[0]}" (${node.opType})`)
    const more = nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''
    context.note({ severity: 'info', text: `Stays float32: ${names.join(', ')}${more}: ${reason}.` })
  }
}

const HALF: DType = 'float16'

/** Nodes that take any precision and give the same. */
const readsEither = (use: Use) => use.kind === 'input' && /^(Cast|Shape|Size)$/.test(use.node.opType)

class Conversion {
  readonly #editor: GraphEditor
  readonly #dtypes: ReadonlyMap<Value, DType>
  readonly #kept: ReadonlyMap<Node, string>
  readonly #options: Options
  /** Values that are float16 from here on. */
  readonly #half = new Set<Value>()

  constructor(
    editor: GraphEditor,
    dtypes: ReadonlyMap<Value, DType>,
    kept: ReadonlyMap<Node, string>,
    options: Options,
  ) {
    this.#editor = editor
    this.#dtypes = dtypes
    this.#kept = kept
    this.#options = options
  }

  /** Rounds a constant, unless every reader computes in float32 or it leaves the model as it is. */
  convertConstant({ plan, obstacle }: Rounded): boolean {
    const { value, tensor } = plan.stored
    if (obstacle || this.#isInFunction(value)) return false
    const uses = [...value.uses]
    if (uses.every((use) => this.#wants(use) === 'float32')) return false
    if (uses.some((use) => use.kind === 'output' && this.#wants(use) === 'float32')) return false
    this.#editor.replaceConstant(value, halfTensor(tensor, tensor.name))
    this.#half.add(value)
    return true
  }

  /** dtypes that stand in attributes. */
  convertNodes(): void {
    for (const node of this.#editor.nodes()) {
      if (this.#kept.has(node) || topOf(this.#editor, this.#editor.bodyOf(node)).kind === 'function') continue
      if (node.opType === 'Cast' || node.opType === 'CastLike') this.#convertCast(node)
      else if (node.opType === 'ConstantOfShape') this.#convertFill(node)
      else if (node.opType === 'Constant') this.#convertFloatAttribute(node)
      if (node.opType === 'Constant') continue
      for (let i = 0; i < node.outputs.length; i++) {
        const value = this.#editor.output(node, i)
        if (value && this.#dtypes.get(value) === 'float32') this.#half.add(value)
      }
    }
  }

  /** A Cast from half to half stops onnxruntime, which moves Casts about: what was float32 before is handed on. */
  #convertCast(node: Node): void {
    const [input, output] = [this.#editor.input(node, 0), this.#editor.output(node, 0)]
    if (!input || !output || this.#dtypes.get(output) !== 'float32') return
    if (node.opType === 'CastLike') this.#editor.setInput(node, 1, null)
    for (const name of [...node.attributes.keys()]) this.#editor.removeAttribute(node, name)
    const isFloat = this.#dtypes.get(input) === 'float32'
    this.#editor.setOperator(node, isFloat ? 'Identity' : 'Cast')
    if (!isFloat) this.#editor.setAttribute(node, attribute.int('to', dtypeToOnnx(HALF)))
  }

  #convertFill(node: Node): void {
    const value = node.attributes.get('value')
    if (value?.type === 'tensor' && value.value.dtype !== 'float32') return
    const fill =
      value?.type === 'tensor'
        ? halfTensor(value.value, value.value.name)
        : tensorFromBytes('', HALF, [1], new Uint8Array(2))
    this.#editor.setAttribute(node, attribute.tensor('value', fill))
  }

  /** Constant nodes with `value_float(s)`; those with `value` went through `convertConstant`. */
  #convertFloatAttribute(node: Node): void {
    const one = node.attributes.get('value_float')
    const many = node.attributes.get('value_floats')
    const numbers = one?.type === 'float' ? [one.value] : many?.type === 'floats' ? [...many.value] : undefined
    const output = this.#editor.output(node, 0)
    if (!numbers || !output || numbers.some((x) => Number.isFinite(x) && Math.abs(x) >= 65520)) return
    const halves = new Uint8Array(Uint16Array.from(numbers, numberToFloat16).buffer)
    const tensor = tensorFromBytes('', HALF, one ? [] : [numbers.length], halves)
    this.#editor.removeAttribute(node, one ? 'value_float' : 'value_floats')
    this.#editor.setAttribute(node, attribute.tensor('value', tensor))
    this.#half.add(output)
  }

  /** Declared types, and Casts where a reader wants the other precision. */
  convertValues(): void {
    const main = this.#editor.model.graph
    for (const [value, dtype] of this.#dtypes) {
      if (dtype !== 'float32') continue
      const isVariableInput = value.isInput && !this.#editor.constant(value)
      if (isVariableInput && (value.body !== main || !this.#options.keepIo)) this.#half.add(value)
      if (this.#half.has(value)) this.#declare(value, HALF)
      this.#castFor(value)
    }
  }

  #castFor(value: Value): void {
    const have: DType = this.#half.has(value) ? HALF : 'float32'
    const want: DType = have === HALF ? 'float32' : HALF
    const others = [...value.uses].filter((use) => !readsEither(use) && this.#wants(use) === want)
    const to = [attribute.int('to', dtypeToOnnx(want))]
    const inputs = others.filter((use) => use.kind === 'input')
    const suffix = want === HALF ? '_half' : '_float'
    if (inputs.length > 0) {
      const spec = { opType: 'Cast', inputs: [value], outputs: [`${value.name}${suffix}`], attributes: to }
      const cast = this.#editor.addNode(spec, { after: value })
      const made = this.#editor.output(cast, 0) as Value
      for (const use of inputs) if (use.kind === 'input') this.#editor.setInput(use.node, use.index, made)
    }
    if (inputs.length < others.length && value.producer) {
      const type = this.#typeWith(value, have)
      const wanted = this.#typeWith(value, want)
      const cast = this.#editor.interposeAtOutput(value, {
        ...{ opType: 'Cast', attributes: to, suffix: have === HALF ? '_half' : '_float' },
        ...(type && { type }),
      })
      if (wanted) this.#editor.setType(this.#editor.output(cast, 0) as Value, wanted)
    }
  }

  #declare(value: Value, dtype: DType): void {
    const isMainOutput = value.body === this.#editor.model.graph && this.#editor.isOutput(value)
    const type = this.#typeWith(value, dtype)
    if (type && !(isMainOutput && this.#options.keepIo)) this.#editor.setType(value, type)
  }

  #typeWith(value: Value, dtype: DType): ValueType | undefined {
    const type = this.#editor.typeOf(value)
    return type?.kind === 'tensor' ? { ...type, dtype } : undefined
  }

  #wants(use: Use): DType {
    if (use.kind === 'input') return wantsFloat32(use, this.#kept) ? 'float32' : HALF
    return use.body === this.#editor.model.graph && this.#options.keepIo ? 'float32' : HALF
  }

  #isInFunction(value: Value): boolean {
    return topOf(this.#editor, value.body).kind === 'function'
  }
}
