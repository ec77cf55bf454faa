/** Nodes of a segment become operations: kernel calls where the machine has them, else host steps. */
import { readsOf, replaceOperands, writesOf } from '../../backends/call-operands'
import type { Activation, CopyCall, IntegerMapCall, KernelCall, MapCall, Operand } from '../../backends/kernel-calls'
import type { Constant, Machine, State } from '../../backends/machine'
import { elementCount, type KnownDType } from '../../core/dtypes'
import { assert } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import type { AttributeSchema } from '../../ops/attributes'
import type { LowerContext } from '../../ops/op'
import { stridesOf } from '../../ops/shapes'
import { viewOf, type BoundNode } from '../node-context'
import type { Constants } from './constants'
import type { Offer } from './demands'
import { substitute } from './expressions'
import { REASONS } from './reasons'
import type { Value, Values } from './trace'

export type Op = CallOp | HostOp

export interface CallOp {
  readonly type: 'call'
  readonly call: KernelCall
  /** The nodes that it computes: several when they were fused. */
  readonly bounds: readonly BoundNode[]
  /** The same function, where a kernel before it can apply it to its result. */
  readonly activation?: Activation
}

export interface HostOp {
  readonly type: 'host'
  readonly bounds: readonly [BoundNode]
  readonly inputs: readonly (Operand | undefined)[]
  readonly outputs: readonly (Operand | undefined)[]
  readonly why: string
}

export const opReads = (op: Op): readonly Operand[] =>
  op.type === 'call' ? readsOf(op.call) : op.inputs.filter((one) => one !== undefined)
export const opWrites = (op: Op): readonly Operand[] =>
  op.type === 'call' ? writesOf(op.call) : op.outputs.filter((one) => one !== undefined)

export interface Lowered {
  readonly ops: readonly Op[]
  readonly operands: ReadonlyMap<string, Operand>
  readonly constants: ReadonlyMap<Operand, Constant>
  readonly states: ReadonlyMap<Operand, State>
  /** Values of this run that became constants because lowerings need them. */
  readonly fixed: ReadonlyMap<string, HostArray>
  /** A constant made of those of a node. */
  store(bound: BoundNode, array: HostArray): Operand
  /** Of a value, made where no node of the segment reads or makes it. */
  operandOf(name: string): Operand
  /** Another operand of this type. */
  make(dtype: KnownDType, shape: readonly number[]): Operand
}

/**
 * Types that kernels compute in float32: their values stand in float32 slots anyway. Rounding between nodes is left out,
 * so results are no less exact; they are rounded where they leave the machine.
 */
const WIDENED = new Set<KnownDType>(['float16', 'bfloat16'])
export const operandDType = (dtype: KnownDType): KnownDType => (WIDENED.has(dtype) ? 'float32' : dtype)
/** Operators that are about rounding to a type. */
const ROUNDING = new Set(['BitCast'])

export interface LowerOptions {
  readonly constants: Constants
  readonly machine: Machine
  readonly offer: Offer
}

/** @param nodes in order, all shapes known */
export function lower(nodes: readonly BoundNode[], values: Values, options: LowerOptions): Lowered {
  const lowering = new Lowering(values, options)
  for (const bound of nodes) lowering.add(bound)
  return lowering
}

interface LoweredNode {
  readonly calls: readonly KernelCall[]
  readonly activation?: Activation
}

type Leaf = { readonly input: number } | { readonly constant: number }
type ConstantOf = (name: string) => HostArray | undefined

class Lowering implements Lowered {
  readonly ops: Op[] = []
  readonly operands = new Map<string, Operand>()
  readonly constants = new Map<Operand, Constant>()
  readonly states = new Map<Operand, State>()
  readonly fixed = new Map<string, HostArray>()
  readonly #values: Values
  readonly #pool: Constants
  readonly #machine: Machine
  readonly #offer: Offer
  #count = 0

  constructor(values: Values, { constants, machine, offer }: LowerOptions) {
    this.#values = values
    this.#pool = constants
    this.#machine = machine
    this.#offer = offer
  }

  store({ node }: BoundNode, array: HostArray): Operand {
    return this.#constant(this.#pool.stored(node, array))
  }

  add(bound: BoundNode): void {
    const found = this.#lowerAsked(bound)
    if (typeof found === 'string') {
      const { inputs, outputs } = bound.node
      const operandOf = (name: string) => (name === '' ? undefined : this.operandOf(name))
      this.ops.push({
        type: 'host',
        bounds: [bound],
        inputs: inputs.map(operandOf),
        outputs: outputs.map(operandOf),
        why: found,
      })
      return
    }
    const { activation } = found
    for (const call of found.calls) {
      if (isIdentity(call) && found.calls.length === 1) this.#rename(bound, call.input, call.output)
      else this.ops.push({ type: 'call', call, bounds: [bound], ...(activation && { activation }) })
    }
  }

  /** The value is the very same: what reads it reads the input. */
  #rename({ node }: BoundNode, input: Operand, output: Operand): void {
    for (const name of node.outputs) if (this.operands.get(name) === output) this.operands.set(name, input)
  }

  /** What a lowering asks for becomes part of the plan only where it cannot do without. */
  #lowerAsked(bound: BoundNode): LoweredNode | string {
    const constantOf = (name: string) => this.#values.get(name)?.constant ?? this.fixed.get(name)
    const asked = new Set<string>()
    const found = this.#lowerNode(bound, (name) => {
      const known = constantOf(name)
      if (!known) asked.add(name)
      return known
    })
    if (typeof found !== 'string' || asked.size === 0) return found
    const used = new Map<string, HostArray>()
    const again = this.#lowerNode(bound, (name) => {
      const known = constantOf(name) ?? this.#offer(name)
      if (known && asked.has(name)) used.set(name, known)
      return known
    })
    if (typeof again === 'string') return found
    for (const [name, array] of used) this.fixed.set(name, array)
    return again
  }

  /** @returns calls, or why the host computes it */
  #lowerNode(bound: BoundNode, constantOf: ConstantOf): LoweredNode | string {
    const { operator, node } = bound
    if (typeof operator.lower !== 'function') return operator.lower.onHost
    const names = [...node.inputs, ...node.outputs]
    const rounds =
      ROUNDING.has(operator.name) && names.some((name) => WIDENED.has(this.#values.get(name)?.dtype ?? 'bool'))
    if (rounds) return REASONS.rounds
    const context = this.#context(bound, constantOf)
    const given = operator.lower(context)
    if (!given) return REASONS.noKernel
    const calls = withoutEmpty(
      aliasesOrCopies(given).map((call) =>
        call.kernel === 'map' || call.kernel === 'integerMap' ? this.#inlined(call) : call,
      ),
    )
    if (!calls) return REASONS.empty
    const refused = calls.find((call) => call.kernel !== 'alias' && !this.#machine.supports(call))
    if (refused) return REASONS.refused(refused.kernel)
    const isMap = calls.length === 1 && calls[0]?.kernel === 'map' && node.outputs.length === 1
    const activation = isMap ? operator.asActivation?.(context) : undefined
    return { calls, ...(activation && { activation }) }
  }

  #context(bound: BoundNode, constantOf: ConstantOf): LowerContext<AttributeSchema> {
    const { node } = bound
    const valueOf = (name: string | undefined): Value | undefined =>
      name === undefined || name === '' ? undefined : this.#values.get(name)
    const view = viewOf(bound, () => node.inputs.map((name) => valueOf(name)?.shape))
    return {
      ...view,
      has: (input) => (node.inputs[input] ?? '') !== '',
      dtype: (input) => (this.#values.get(named(node.inputs, input)) as Value).dtype,
      input: (index) => this.operandOf(named(node.inputs, index)),
      output: (index) => this.operandOf(named(node.outputs, index)),
      constant: (input) => {
        const name = node.inputs[input] ?? ''
        return name === '' ? undefined : constantOf(name)
      },
      scratch: (dtype, shape) => this.make(dtype, shape),
      store: (array) => this.store(bound, array),
      supports: (call) => this.#machine.supports(call),
    }
  }

  /** Of a value, made when it is first needed. */
  operandOf(name: string): Operand {
    const known = this.operands.get(name)
    if (known) return known
    const { dtype, shape, constant, state } = this.#values.get(name) as Value
    const made = constant ? this.#constant(constant) : this.make(dtype, shape)
    if (state) this.states.set(made, state)
    this.operands.set(name, made)
    return made
  }

  #constant(array: HostArray): Operand {
    const made = this.make(array.dtype, array.shape)
    this.constants.set(made, this.#pool.of(array))
    return made
  }

  make(dtype: KnownDType, shape: readonly number[]): Operand {
    return { id: this.#count++, dtype: operandDType(dtype), shape }
  }

  /** Constants of one element become part of the formula, and an operand that stands twice becomes one input. */
  #inlined<C extends MapCall | IntegerMapCall>(call: C): C {
    const inputs: Operand[] = []
    const isNumber = (operand: Operand) => elementCount(operand.shape) === 1 && this.constants.has(operand)
    const replacements = call.inputs.map((operand) => {
      const { array } = this.constants.get(operand) ?? {}
      const isLast = call.inputs.every(isNumber) && inputs.length === 0
      if (array && isNumber(operand) && !isLast) return { constant: Number(array.values[0]) }
      return inputExpression(inputs, operand)
    })
    const expression = substitute<string, string>(call.expression, (input) => replacements[input] as Leaf)
    return { ...call, inputs, expression }
  }
}

/** Lowerings ask for what the node has: `has` and `wants` say so. */
function named(names: readonly string[], index: number): string {
  const name = names[index]
  assert(name, `a lowering asks for operand ${index}, which its node does not have`)
  return name
}

/** A reference to an operand among `inputs`, which grows where it is new. */
export function inputExpression(inputs: Operand[], operand: Operand): { readonly input: number } {
  const at = inputs.indexOf(operand)
  return { input: at >= 0 ? at : inputs.push(operand) - 1 }
}

function isIdentity(call: KernelCall): call is Extract<KernelCall, { kernel: 'alias' }> {
  if (call.kernel !== 'alias') return false
  const { input, output } = call
  return input.dtype === output.dtype && input.shape.join() === output.shape.join()
}

/** Steps without result are left out; undefined where a kernel would have to read nothing. */
function withoutEmpty(calls: readonly KernelCall[]): readonly KernelCall[] | undefined {
  const isEmpty = ({ shape }: Operand) => shape.includes(0)
  const left = calls.filter(
    (call) => !writesOf(call).every(isEmpty) && !(call.kernel === 'copy' && call.sizes.includes(0)),
  )
  return left.some((call) => [...readsOf(call), ...writesOf(call)].some(isEmpty)) ? undefined : left
}

/** A tensor that is another's memory must not be written: where a call changes it afterwards, it is a copy. */
function aliasesOrCopies(calls: readonly KernelCall[]): readonly KernelCall[] {
  return calls.map((call, i) => {
    if (call.kernel !== 'alias') return call
    const isWritten = calls.some((other, k) => k !== i && writesOf(other).includes(call.output))
    return isWritten ? wholeCopy(call.input, call.output) : call
  })
}

export function wholeCopy(input: Operand, output: Operand): CopyCall {
  const sizes = [elementCount(output.shape)]
  const strides = stridesOf(sizes)
  return {
    ...{ kernel: 'copy', input, output, sizes, inputStrides: strides, outputStrides: strides },
    ...{ inputOffset: 0, outputOffset: 0 },
  }
}

export const withOperands = (op: CallOp, replace: (operand: Operand) => Operand): CallOp => ({
  ...op,
  call: replaceOperands(op.call, replace),
})
