import type { DType } from '../../core/dtypes'
import { numberToFloat16 } from '../../core/tensor'
import type { GraphEditor, Value } from '../edit'
import { attribute as makeAttribute, tensorFromBytes, type Body, type LazyTensor, type Node } from '../model'
import { dtypeOf } from './types-of'

/** Thrown by an adapter that cannot keep the meaning of a node; ends the lift below this version. */
export class LiftBlocked extends Error {
  override readonly name = 'LiftBlocked'
}

/**
 * Rewrites one node for the next opset. It throws LiftBlocked, before or after edits: those are undone.
 * @returns what was done, in words for the report; undefined when nothing had to be done
 */
export type Adapter = (lift: LiftContext, node: Node) => Promise<string | undefined> | string | undefined

interface ValueOfAttribute {
  int: bigint
  ints: readonly bigint[]
  float: number
  floats: readonly number[]
  string: Uint8Array<ArrayBuffer>
}

/** What adapters share: attributes that may belong to a function's caller, and constants where a body can hold them. */
export class LiftContext {
  readonly editor: GraphEditor
  /** Resize nodes that were Upsample: their scales are at least 1 by definition. */
  readonly onlyEnlarging = new WeakSet<Node>()

  constructor(editor: GraphEditor) {
    this.editor = editor
  }

  /** @throws LiftBlocked where the attribute's value is known to the callers of a function only */
  attribute<T extends keyof ValueOfAttribute>(node: Node, name: string, type: T): ValueOfAttribute[T] | undefined {
    const attribute = node.attributes.get(name)
    if (!attribute) return undefined
    if (attribute.refName) throw new LiftBlocked(`its attribute ${name} is set by the callers of a function`)
    if (attribute.type !== type)
      throw new LiftBlocked(`its attribute ${name} is of type ${attribute.type}, not ${type}`)
    return attribute.value as ValueOfAttribute[T]
  }

  int(node: Node, name: string, otherwise: number): number {
    const value = this.attribute(node, name, 'int')
    return value === undefined ? otherwise : Number(value)
  }

  float(node: Node, name: string, otherwise: number): number {
    return this.attribute(node, name, 'float') ?? otherwise
  }

  text(node: Node, name: string, otherwise: string): string {
    const bytes = this.attribute(node, name, 'string')
    return bytes === undefined ? otherwise : new TextDecoder().decode(bytes)
  }

  /** The dtype of the node's first input. @throws LiftBlocked where the file does not tell */
  dtype(node: Node): DType {
    const value = this.editor.input(node, 0)
    const dtype = value && dtypeOf(this.editor, value)
    if (!dtype) throw new LiftBlocked('the type of its input is not known')
    return dtype
  }

  /** A new constant that `node` can read: an initializer, or a Constant node inside functions, which hold none. */
  constant(node: Node, suffix: string, tensor: Omit<LazyTensor, 'name'>): Value {
    const { editor } = this
    const body = editor.bodyOf(node)
    const name = `${node.outputs[0] || node.name || node.opType}_${suffix}`
    if (body.kind === 'graph' && !this.isInFunction(body)) return editor.addInitializer(body, { ...tensor, name })
    const value = editor.uniqueName(name)
    const made = editor.addNode(
      {
        opType: 'Constant',
        inputs: [],
        outputs: [value],
        attributes: [makeAttribute.tensor('value', { ...tensor, name })],
      },
      { before: node },
    )
    return this.output(made)
  }

  ints(
    node: Node,
    suffix: string,
    values: readonly (number | bigint)[],
    shape: readonly number[] = [values.length],
  ): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    return this.constant(node, suffix, tensorFromBytes('', 'int64', shape, bytes))
  }

  /** Floats of the dtype that the node's input has. @throws LiftBlocked for dtypes other than float16, 32, 64 */
  floats(
    node: Node,
    suffix: string,
    values: readonly number[],
    options: { shape?: readonly number[]; dtype?: DType } = {},
  ): Value {
    const dtype = options.dtype ?? this.dtype(node)
    const bytes = floatBytes(dtype, values)
    if (!bytes) throw new LiftBlocked(`its input is ${dtype}`)
    return this.constant(node, suffix, tensorFromBytes('', dtype, options.shape ?? [values.length], bytes))
  }

  /** Turns an attribute of whole numbers into input `index`. @returns whether it was there */
  intsToInput(node: Node, name: string, index: number): boolean {
    const values = this.attribute(node, name, 'ints')
    if (values === undefined) return false
    // an empty list of axes meant "all", as no list does
    if (values.length > 0) this.editor.setInput(node, index, this.ints(node, name, values))
    this.editor.removeAttribute(node, name)
    return true
  }

  output(node: Node): Value {
    const value = this.editor.output(node, 0)
    if (!value) throw new LiftBlocked('it has no output')
    return value
  }

  input(node: Node, index = 0): Value {
    const value = this.editor.input(node, index)
    if (!value) throw new LiftBlocked(`its input ${index} is missing`)
    return value
  }

  isInFunction(body: Body): boolean {
    let at: Body = body
    for (let parent = this.editor.parentOf(at); parent; parent = this.editor.parentOf(at)) at = parent
    return at.kind === 'function'
  }
}

function floatBytes(dtype: DType, values: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer)
    case 'float64':
      return new Uint8Array(Float64Array.from(values).buffer)
    case 'float16':
      return new Uint8Array(Uint16Array.from(values, numberToFloat16).buffer)
    default:
      return undefined
  }
}
