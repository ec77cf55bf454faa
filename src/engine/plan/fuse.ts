/** Chains of element-wise nodes become one formula; biases and activations become part of the product before them. */
import type { CopyCall, Expression, GemmCall, KernelCall, MapCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import type { BoundNode } from '../node-context'
import { withAffine } from './affine'
import { asBoolean, recognizeActivation, sizeOf, substitute } from './expressions'
import { inputExpression, opReads, opWrites, type CallOp, type Lowered, type Op } from './lower'

/** Beyond these a machine runs out of registers, or of tiles in the first-level cache. */
const MOST_OPERATIONS = 48
const MOST_INPUTS = 8

type MapOp = CallOp & { readonly call: MapCall }

const isMap = (op: Op | undefined): op is MapOp => op?.type === 'call' && op.call.kernel === 'map'

export interface FuseOptions {
  /** Operands that must exist: what the segment gives. */
  readonly kept: ReadonlySet<Operand>
  supports(call: KernelCall): boolean
}

/** @returns fewer operations, in order */
export function fuse(lowered: Pick<Lowered, 'ops' | 'constants' | 'store'>, options: FuseOptions): readonly Op[] {
  const fusion = new Fusion(lowered, options)
  lowered.ops.forEach((_, i) => fusion.absorb(i))
  return fusion.result
}

class Fusion {
  readonly #ops: (Op | undefined)[]
  readonly #options: FuseOptions
  readonly #lowered: Pick<Lowered, 'constants' | 'store'>
  readonly #isConstant = (operand: Operand) => this.#lowered.constants.has(operand)
  /** Places of the operations that read or write an operand. */
  readonly #readers = new Map<Operand, Set<number>>()
  readonly #writers = new Map<Operand, Set<number>>()

  constructor(lowered: Pick<Lowered, 'ops' | 'constants' | 'store'>, options: FuseOptions) {
    this.#ops = [...lowered.ops]
    this.#options = options
    this.#lowered = lowered
    lowered.ops.forEach((op, i) => this.#link(op, i))
  }

  get result(): readonly Op[] {
    return this.#ops.filter((op) => op !== undefined)
  }

  /** Takes what was made only for operation `i` into it, as long as there is something. */
  absorb(i: number): void {
    const one = this.#ops[i]
    if (one?.type === 'call' && one.call.kernel === 'gemm') {
      for (const side of ['a', 'b'] as const) this.#absorbTransposition(side, i)
    }
    for (let op = this.#ops[i]; isMap(op); op = this.#ops[i]) {
      const made = this.#absorbOne(op, i)
      if (!made) return
    }
  }

  /** A product reads a matrix as well the other way round. */
  #absorbTransposition(side: 'a' | 'b', i: number): void {
    const op = this.#ops[i] as CallOp & { readonly call: GemmCall }
    const at = this.#soleMaker(op.call[side], i)
    const maker = at === undefined ? undefined : this.#ops[at]
    if (at === undefined || maker?.type !== 'call' || maker.call.kernel !== 'copy') return
    const { m, n, k, transposeA, transposeB, a, b } = op.call
    if (
      a === b ||
      !isTransposition(maker.call, side === 'a' ? [m, k] : [k, n], side === 'a' ? transposeA : transposeB)
    ) {
      return
    }
    const { input } = maker.call
    const call: GemmCall =
      side === 'a'
        ? { ...op.call, a: input, transposeA: !transposeA }
        : { ...op.call, b: input, transposeB: !transposeB }
    if (!this.#options.supports(call)) return
    this.#replace(at, i, { type: 'call', call, bounds: [...maker.bounds, ...op.bounds] })
  }

  #absorbOne(op: MapOp, i: number): boolean {
    for (const [k, operand] of op.call.inputs.entries()) {
      const at = this.#soleMaker(operand, i)
      const maker = at === undefined ? undefined : this.#ops[at]
      if (at === undefined || maker?.type !== 'call') continue
      const call = isMap(maker) ? chained(maker.call, op.call, k) : this.#epilogue(maker, op, k)
      if (!call || !this.#options.supports(call)) continue
      this.#replace(at, i, { type: 'call', call, bounds: [...maker.bounds, ...op.bounds] })
      return true
    }
    return false
  }

  /** The one operation that makes an operand, if `reader` is the only one to read it. */
  #soleMaker(operand: Operand, reader: number): number | undefined {
    if (this.#options.kept.has(operand) || this.#isConstant(operand)) return undefined
    const readers = this.#readers.get(operand)
    const [maker, ...others] = this.#writers.get(operand) ?? []
    return readers?.size === 1 && readers.has(reader) && others.length === 0 ? maker : undefined
  }

  #epilogue(maker: CallOp, op: MapOp, input: number): KernelCall | undefined {
    const { call } = maker
    if (call.kernel !== 'gemm' && call.kernel !== 'conv' && call.kernel !== 'convTranspose') return undefined
    if (call.activation || !isSameShape(call.output, op.call.output)) return undefined
    if (op.call.output.dtype !== 'float32') return undefined
    const { inputs, expression } = op.call
    const activation = inputs.length === 1 ? (op.activation ?? recognizeActivation(expression)) : undefined
    if (activation) return { ...call, activation, output: op.call.output }
    if (call.kernel === 'gemm') return withBias(call, op.call, input, this.#isConstant)
    return withAffine(call, op.call, input, {
      constantOf: (operand) => this.#lowered.constants.get(operand)?.array,
      store: (array) => this.#lowered.store(maker.bounds[0] as BoundNode, array),
    })
  }

  #replace(maker: number, at: number, made: CallOp): void {
    for (const place of [maker, at]) {
      const old = this.#ops[place] as Op
      for (const operand of opReads(old)) this.#readers.get(operand)?.delete(place)
      for (const operand of opWrites(old)) this.#writers.get(operand)?.delete(place)
    }
    this.#ops[maker] = undefined
    this.#ops[at] = made
    this.#link(made, at)
  }

  #link(op: Op, i: number): void {
    const add = (map: Map<Operand, Set<number>>, operand: Operand) => {
      map.set(operand, (map.get(operand) ?? new Set()).add(i))
    }
    for (const operand of opReads(op)) add(this.#readers, operand)
    for (const operand of opWrites(op)) add(this.#writers, operand)
  }
}

/** Whether a copy turns every matrix of a batch over, so that it is [rows, columns] afterwards (or [columns, rows]). */
function isTransposition(call: CopyCall, [rows, columns]: readonly [number, number], isTurned: boolean): boolean {
  const [height, width] = isTurned ? [columns, rows] : [rows, columns]
  const { sizes, input, output, inputOffset, outputOffset } = call
  const count = elementCount(sizes)
  const isWhole = count === elementCount(input.shape) && count === elementCount(output.shape)
  if (!isWhole || inputOffset !== 0 || outputOffset !== 0 || height === 1 || width === 1) return false
  const axes = sizes
    .map((size, i) => ({ size, from: call.inputStrides[i] as number, to: call.outputStrides[i] as number }))
    .filter(({ size }) => size > 1)
  const [across, along] = [axes.pop(), axes.pop()]
  const isMatrix = along?.size === height && across?.size === width
  const isTurn = along?.from === 1 && along.to === width && across?.from === height && across.to === 1
  return isMatrix && isTurn && axes.every(({ from, to }) => from === to && from % (height * width) === 0)
}

/** Equal but for leading axes of size 1: then broadcasting to one is broadcasting to the other. */
function isSameShape(a: Operand, b: Operand): boolean {
  const bare = ({ shape }: Operand) =>
    shape
      .slice(
        Math.max(
          0,
          shape.findIndex((size) => size !== 1),
        ),
      )
      .join()
  return elementCount(a.shape) === elementCount(b.shape) && (bare(a) === bare(b) || elementCount(a.shape) === 1)
}

/** outer(inner(…)) as one call; undefined where it would be too large. */
function chained(inner: MapCall, outer: MapCall, input: number): MapCall | undefined {
  // fewer axes outside would make the inputs of the inner call broadcast to another shape
  if (!isSameShape(inner.output, outer.output) || inner.output.shape.length > outer.output.shape.length)
    return undefined
  const inputs: Operand[] = []
  const references = new Map<Operand, Expression>()
  const reference = (operand: Operand): Expression => {
    const known = references.get(operand) ?? inputExpression(inputs, operand)
    references.set(operand, known)
    return known
  }
  const formula = inner.output.dtype === 'bool' ? asBoolean(inner.expression, inner.inputs) : inner.expression
  const replaced = substitute(formula, (k) => reference(inner.inputs[k] as Operand))
  const expression = substitute(outer.expression, (k) =>
    k === input ? replaced : reference(outer.inputs[k] as Operand),
  )
  const isLarge = inputs.length > MOST_INPUTS || sizeOf(expression) > MOST_OPERATIONS
  return isLarge ? undefined : { kernel: 'map', expression, inputs, output: outer.output }
}

/** product + b, where b has one entry per column. */
function withBias(
  call: GemmCall,
  map: MapCall,
  input: number,
  isConstant: (operand: Operand) => boolean,
): GemmCall | undefined {
  const { expression, inputs, output } = map
  const isSum = 'binary' in expression && expression.binary === 'add'
  if (!isSum || inputs.length !== 2 || !('input' in expression.left) || !('input' in expression.right)) return undefined
  if (expression.left.input === expression.right.input) return undefined
  const other = inputs[1 - input] as Operand
  // a bias that another operation makes has to lie in memory with a shape of its own; only weights are worth it
  if (call.bias || other.dtype !== 'float32' || !isConstant(other)) return undefined
  const along = biasAlong(call, other)
  return along && { ...call, output, bias: { operand: other, along } }
}

function biasAlong({ m, n, batches }: GemmCall, { shape }: Operand): 'n' | 'mn' | undefined {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
  if (columns !== n || elementCount(shape) !== rows * columns) return undefined
  if (rows === 1) return 'n'
  return rows === m && batches.length === 1 ? 'mn' : undefined
}
