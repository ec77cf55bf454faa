import type { Note } from '../../../core/progress'
import type { GraphEditor, Value } from '../../../graph/edit'
import type { Node } from '../../../graph/model'
import { FORMS, type FormContext, type IntegerForm } from './forms'
import { clipOf, isBound, passThrough } from './pass-through'
import { isByte, isDequantize, QdqReader, type Quantized } from './qdq'

/**
 * Turns a graph with QuantizeLinear and DequantizeLinear into one of integer operators (QLinearConv, QLinearMatMul, and
 * those of com.microsoft), in place. Operators that only move values run on the integers; Relu and Clip disappear where
 * the integers cannot leave their bounds. What has no integer form stays in float between DequantizeLinear and
 * QuantizeLinear. Nodes keep their names, and so do the integers.
 * @returns what people should know: which operators stayed
 */
export async function toQOperators(editor: GraphEditor): Promise<Note[]> {
  const pass = new Pass(editor, await QdqReader.of(editor))
  for (const node of [...editor.nodes()]) {
    if (editor.has(node) && editor.bodyOf(node).kind === 'graph') await pass.convert(node)
  }
  pass.removeUnread()
  return pass.notes()
}

/** What makes the value that is quantized, and the activation behind it. */
interface Chain {
  readonly bound: Node | undefined
  readonly output: Quantized | undefined
}

class Pass {
  readonly #editor: GraphEditor
  readonly #reader: QdqReader
  readonly #stayed = new Map<string, number>()

  constructor(editor: GraphEditor, reader: QdqReader) {
    this.#editor = editor
    this.#reader = reader
  }

  async convert(node: Node): Promise<void> {
    const x = this.#reader.dequantized(this.#editor.input(node, 0))
    if (node.domain !== '' || node.opType === 'QuantizeLinear' || isDequantize(node)) return
    if (node.opType === 'Split' && this.#split(node)) return
    const isConverted = (await this.#move(node)) || (await this.#compute(node))
    const output = this.#reader.quantized(this.#editor.has(node) ? this.#editor.output(node, 0) : undefined)
    const isLeft = !isConverted && x && (output !== undefined || node.opType === 'Conv')
    if (isLeft) this.#stayed.set(node.opType, (this.#stayed.get(node.opType) ?? 0) + 1)
  }

  #context(node: Node, output: Quantized | undefined): FormContext {
    const [editor, reader] = [this.#editor, this.#reader]
    return { editor, reader, node, output, opset: editor.model.opsets.get('') ?? 1 }
  }

  /** Operators that hand on values, where both ends have one scaling. */
  async #move(node: Node): Promise<boolean> {
    const [editor, reader] = [this.#editor, this.#reader]
    const x = reader.dequantized(editor.input(node, 0))
    const output = reader.quantized(editor.output(node, 0))
    if (!x || x.axis !== null || !output || !reader.isSame(x, output) || !this.#hasOneOutput(node)) return false
    const context = this.#context(node, output)
    if (!isBound(node)) {
      const form = await passThrough(context, x)
      if (form) this.#replace(output, node, form)
      return form !== undefined
    }
    const clip = await clipOf(context, output, x.integers)
    if (clip === 'nothing') return this.#drop(output, node, x.integers)
    if (clip) this.#replace(output, node, clip)
    return clip !== undefined
  }

  /** Operators that compute, with the Relu or Clip behind them. */
  async #compute(node: Node): Promise<boolean> {
    const form = FORMS.get(node.opType)
    if (!form || !this.#hasOneOutput(node)) return false
    const { bound, output } = this.#chainOf(node)
    const context = this.#context(node, output)
    const clip = bound && output && (await clipOf({ ...context, node: bound }, output, null))
    if (bound && !clip) return false
    const checkpoint = this.#editor.checkpoint()
    const found = await form(context)
    if (!found) {
      this.#editor.undo(checkpoint)
      return false
    }
    if (!output) this.#become(node, found)
    else if (bound && clip && clip !== 'nothing') this.#replaceTwo(output, [node, bound], [found, clip])
    else this.#replace(output, node, found, bound)
    return true
  }

  #hasOneOutput(node: Node): boolean {
    return node.outputs.every((_, index) => index === 0 || !this.#editor.output(node, index)?.uses.size)
  }

  #chainOf(node: Node): Chain {
    const value = this.#editor.output(node, 0)
    const output = this.#reader.quantized(value)
    if (output) return { bound: undefined, output }
    const [use, ...others] = value?.uses ?? []
    const isBounded = use?.kind === 'input' && others.length === 0 && use.index === 0 && use.body === value?.body
    if (!isBounded || !isBound(use.node)) return { bound: undefined, output: undefined }
    const behind = this.#reader.quantized(this.#editor.output(use.node, 0))
    return behind ? { bound: use.node, output: behind } : { bound: undefined, output: undefined }
  }

  /** The QuantizeLinear becomes the integer operator: so its output, the integers, keeps its name. */
  #replace(output: Quantized, node: Node, form: IntegerForm, bound?: Node): void {
    const quantize = this.#merge(output)
    const name = node.name || (node.outputs[0] as string)
    this.#become(quantize, form)
    if (bound) this.#editor.removeNode(bound)
    this.#editor.removeNode(node)
    this.#editor.setName(quantize, name)
  }

  #replaceTwo(
    output: Quantized,
    [node, bound]: readonly [Node, Node],
    forms: readonly [IntegerForm, IntegerForm],
  ): void {
    const editor = this.#editor
    const quantize = this.#merge(output)
    const [form, clip] = forms
    const { opType, domain, inputs, attributes } = form
    const outputs = [`${node.outputs[0]}_unclipped`]
    const made = editor.addNode({ opType, domain, inputs, attributes, outputs }, { before: quantize })
    this.#declare(domain)
    this.#become(quantize, { ...clip, inputs: [editor.output(made, 0) ?? null, ...clip.inputs.slice(1)] })
    const names = [node.name || (node.outputs[0] as string), bound.name || (bound.outputs[0] as string)] as const
    editor.removeNode(bound)
    editor.removeNode(node)
    editor.setName(made, names[0])
    editor.setName(quantize, names[1])
  }

  /** A Relu that has nothing to do: readers of its integers read those before it. */
  #drop(output: Quantized, node: Node, integers: Value): boolean {
    if (this.#isHandedOut(output)) return false
    const quantize = this.#merge(output)
    const made = this.#editor.output(quantize, 0)
    if (made) this.#editor.replaceUses(made, integers)
    this.#editor.removeNode(quantize)
    this.#editor.removeNode(node)
    return true
  }

  /** Split has an integer output for each of its own, under their names. */
  #split(node: Node): boolean {
    const [editor, reader] = [this.#editor, this.#reader]
    const x = reader.dequantized(editor.input(node, 0))
    const made = node.outputs.flatMap((_, index) => editor.output(node, index) ?? [])
    const outputs = made.map((value) => reader.quantized(value))
    if (!x || x.axis !== null || !isByte(x.dtype)) return false
    if (!outputs.every((one) => one && reader.isSame(one, x) && !this.#isHandedOut(one))) return false
    editor.setInput(node, 0, x.integers)
    for (const [i, value] of made.entries()) {
      for (const quantize of outputs[i]?.nodes ?? []) {
        const integers = editor.output(quantize, 0)
        if (integers) editor.replaceUses(integers, value)
        editor.removeNode(quantize)
      }
      const type = editor.typeOf(value)
      if (type?.kind === 'tensor') editor.setType(value, { ...type, dtype: x.dtype })
    }
    return true
  }

  #isHandedOut({ nodes }: Quantized): boolean {
    return nodes.some((node) => {
      const made = this.#editor.output(node, 0)
      return made !== undefined && this.#editor.isOutput(made)
    })
  }

  /** Leaves one QuantizeLinear of several that do the same. */
  #merge({ nodes: [first, ...others] }: Quantized): Node {
    const made = this.#editor.output(first, 0)
    for (const other of others) {
      const same = this.#editor.output(other, 0)
      if (made && same) this.#editor.replaceUses(same, made)
      this.#editor.removeNode(other)
    }
    return first
  }

  #become(node: Node, { opType, domain, inputs, attributes }: IntegerForm): void {
    const editor = this.#editor
    for (const name of [...node.attributes.keys()]) editor.removeAttribute(node, name)
    editor.setOperator(node, opType, domain)
    for (let i = Math.max(inputs.length, node.inputs.length) - 1; i >= 0; i--)
      editor.setInput(node, i, inputs[i] ?? null)
    for (const one of attributes) editor.setAttribute(node, one)
    this.#declare(domain)
  }

  #declare(domain: string): void {
    const { opsets } = this.#editor.model
    if (domain !== '' && !opsets.has(domain)) this.#editor.setOpset(domain, 1, this.#editor.model)
  }

  /** DequantizeLinear that nothing reads any more, and their constants. */
  removeUnread(): void {
    const editor = this.#editor
    for (const node of [...editor.nodes()].reverse()) {
      if (!isDequantize(node) || editor.output(node, 0)?.uses.size !== 0) continue
      const inputs = node.inputs.map((_, index) => editor.input(node, index))
      editor.removeNode(node)
      for (const value of inputs) this.#removeConstant(value)
    }
  }

  #removeConstant(value: Value | undefined): void {
    const editor = this.#editor
    if (!value || value.uses.size > 0 || !editor.constant(value)) return
    if (value.producer) {
      if (editor.has(value.producer)) editor.removeNode(value.producer)
    } else if (value.body.kind === 'graph' && value.body.initializers.has(value.name)) editor.removeInitializer(value)
  }

  notes(): Note[] {
    if (this.#stayed.size === 0) return []
    const which = [...this.#stayed].map(([opType, count]) => (count === 1 ? opType : `${count} ${opType}`)).join(', ')
    const text = `No integer operator does what these do here, so they stay in float between DequantizeLinear and QuantizeLinear: ${which}.`
    return [{ severity: 'info', text }]
  }
}
