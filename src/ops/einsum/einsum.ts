import type { GemmCall, KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { isBig, setValue, type HostArray } from '../../core/host-array'
import { text } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { labelSizes, parseEquation, type Equation } from '../einsum-equation'
import { aliasCall, copyOrAlias, type Move } from '../movement'
import { defineOperator, differentiable, FLOAT32, type InferContext, type LowerContext } from '../op'
import { forEachIndex, stridesOf, type Dims } from '../shapes'
import { einsumGradient } from './gradient'

const attributes = { equation: text() }

function inferShape(context: InferContext<typeof attributes>): Dims | undefined {
  const shapes = Array.from({ length: context.inputCount }, (_, i) => context.shape(i))
  if (shapes.some((shape) => shape === undefined)) return undefined
  const known = shapes as readonly Dims[]
  const equation = parseEquation(
    context,
    context.attributes.equation,
    known.map(({ length }) => length),
  )
  const sizes = labelSizes(context, equation, known)
  return equation.output.map((label) => sizes.get(label)!)
}

/** Strides of an input along each of `labels`: 0 where it does not have one, summed where it has one twice (a diagonal). */
function stridesAlong(labels: readonly string[], own: readonly string[], shape: readonly number[]): number[] {
  const strides = stridesOf(shape)
  return labels.map((label) =>
    own.reduce((sum, one, axis) => sum + (one === label && shape[axis] !== 1 ? strides[axis]! : 0), 0),
  )
}

/** Σ over the labels that the output does not have of the product of all inputs. */
function contract(
  { inputs, output }: Equation,
  arrays: readonly HostArray[],
  sizes: Map<string, number>,
  result: HostArray,
) {
  const summed = [...sizes.keys()].filter((label) => !output.includes(label))
  const along = (labels: readonly string[]) => arrays.map(({ shape }, i) => stridesAlong(labels, inputs[i]!, shape))
  const sizesOf = (labels: readonly string[]) => labels.map((label) => sizes.get(label)!)
  const isWhole = isBig(result.dtype)
  forEachIndex(result.shape, along(output), (position, starts) => {
    // numbers or bigints alike
    let sum = (isWhole ? 0n : 0) as number
    forEachIndex(sizesOf(summed), along(summed), (_, offsets) => {
      let product = (isWhole ? 1n : 1) as number
      arrays.forEach(({ values }, i) => (product *= values[starts[i]! + offsets[i]!] as number))
      sum += product
    })
    setValue(result, position, sum)
  })
}

/** Sums of products over axes that a short equation names: y[output labels] = Σ Π inputs. */
export const einsum = defineOperator({
  name: 'Einsum',
  domain: '',
  attributes,
  inputs: [1, Infinity],
  infer(context) {
    requireKind(context, 0, 'number')
    for (let i = 1; i < context.inputCount; i++) {
      if (context.dtype(i) !== context.dtype(0)) {
        context.fail(`all inputs must have one type, not ${context.dtype(0)} and ${context.dtype(i)}`)
      }
    }
    return [{ dtype: context.dtype(0), shape: inferShape(context) }]
  },
  reference(context, ...inputs) {
    const arrays = inputs.map((input) => input!)
    const shapes = arrays.map(({ shape }) => shape)
    const ranks = shapes.map(({ length }) => length)
    const equation = parseEquation(context, context.attributes.equation, ranks)
    const sizes = labelSizes(context, equation, shapes) as Map<string, number>
    const result = context.empty(
      arrays[0]!.dtype,
      equation.output.map((label) => sizes.get(label)!),
    )
    contract(equation, arrays, sizes, result)
    return [result]
  },
  gradient: differentiable<typeof attributes>(einsumGradient),
  lower,
  tolerance: FLOAT32,
})

function lower(context: LowerContext<typeof attributes>): readonly KernelCall[] | null {
  const inputs = Array.from({ length: context.inputCount }, (_, i) => context.input(i))
  const output = context.output(0)
  const shapes = inputs.map(({ shape }) => shape)
  const ranks = shapes.map(({ length }) => length)
  const equation = parseEquation(context, context.attributes.equation, ranks)
  const sizes = labelSizes(context, equation, shapes) as Map<string, number>
  const isPlain = equation.inputs.every((labels, i) =>
    labels.every((label, axis) => labels.indexOf(label) === axis && shapes[i]![axis] === sizes.get(label)),
  )
  if (output.dtype !== 'float32' || !isPlain || shapes.some((shape) => elementCount(shape) === 0)) return null
  if (inputs.length === 1) return lowerOne(context, equation, sizes)
  return inputs.length === 2 ? lowerTwo(context, equation, sizes) : null
}

/** `operand` with its axes in the order of `labels`, copied only where it is not so already. */
function arranged(
  context: LowerContext<typeof attributes>,
  operand: Operand,
  own: readonly string[],
  labels: readonly string[],
  calls: KernelCall[],
): Operand {
  const shape = labels.map((label) => operand.shape[own.indexOf(label)]!)
  const target = context.scratch(operand.dtype, shape)
  const call = copyOrAlias(operand, target, moveOf(operand, own, labels))
  if (call.kernel === 'alias') return operand
  calls.push(call)
  return target
}

function moveOf({ shape }: Operand, own: readonly string[], labels: readonly string[]): Move {
  const sizes = labels.map((label) => shape[own.indexOf(label)]!)
  return {
    sizes,
    inputStrides: stridesAlong(labels, own, shape),
    inputOffset: 0,
    outputStrides: stridesOf(sizes),
    outputOffset: 0,
  }
}

/** A transposition, and a sum over what the output does not have. */
function lowerOne(
  context: LowerContext<typeof attributes>,
  { inputs: [own], output: wanted }: Equation,
  sizes: Map<string, number>,
): readonly KernelCall[] {
  const [input, output] = [context.input(0), context.output(0)]
  const summed = own!.filter((label) => !wanted.includes(label))
  if (summed.length === 0) return [copyOrAlias(input, output, moveOf(input, own!, wanted))]
  const calls: KernelCall[] = []
  const ordered = arranged(context, input, own!, [...wanted, ...summed], calls)
  const size = summed.reduce((product, label) => product * sizes.get(label)!, 1)
  const outer = elementCount(output.shape)
  calls.push({ kernel: 'reduce', reduction: 'sum', input: ordered, output, outer, size, inner: 1 })
  return calls
}

/** Labels of two inputs by where they stand. */
interface Split {
  /** In both inputs and the output. */
  readonly batch: readonly string[]
  /** In both inputs alone. */
  readonly summed: readonly string[]
  /** In one input and the output. */
  readonly rows: readonly string[]
  readonly columns: readonly string[]
}

function splitLabels({ inputs: [left, right], output: wanted }: Equation): Split {
  const inBoth = left!.filter((label) => right!.includes(label))
  return {
    batch: inBoth.filter((label) => wanted.includes(label)),
    summed: inBoth.filter((label) => !wanted.includes(label)),
    rows: left!.filter((label) => !inBoth.includes(label)),
    columns: right!.filter((label) => !inBoth.includes(label)),
  }
}

function lowerTwo(
  context: LowerContext<typeof attributes>,
  equation: Equation,
  sizes: Map<string, number>,
): readonly KernelCall[] | null {
  const split = splitLabels(equation)
  const { rows, columns, summed } = split
  // a label of one input alone that is summed needs a reduction of its own
  if ([...rows, ...columns].some((label) => !equation.output.includes(label))) return null
  const isProduct = summed.length > 0 && rows.length + columns.length > 0
  return isProduct ? lowerMatrices(context, equation, split, sizes) : lowerElements(context, equation, split, sizes)
}

/** Elements times elements, repeated where an input lacks a label, and summed where the output does: no matrix to multiply. */
function lowerElements(
  context: LowerContext<typeof attributes>,
  { inputs, output: wanted }: Equation,
  { summed }: Split,
  sizes: Map<string, number>,
): readonly KernelCall[] {
  const calls: KernelCall[] = []
  const order = [...wanted, ...summed]
  const operands = inputs.map((own, i) => {
    const labels = order.filter((label) => own.includes(label))
    const operand = arranged(context, context.input(i), own, labels, calls)
    const shape = order.map((label) => (own.includes(label) ? sizes.get(label)! : 1))
    const target = context.scratch('float32', shape)
    calls.push(aliasCall(operand, target))
    return target
  })
  const output = context.output(0)
  const shape = order.map((label) => sizes.get(label)!)
  const product = summed.length === 0 ? output : context.scratch('float32', shape)
  const expression = { binary: 'mul', left: { input: 0 }, right: { input: 1 } } as const
  calls.push({ kernel: 'map', expression, inputs: operands, output: product })
  if (product === output) return calls
  const outer = elementCount(output.shape)
  const size = elementCount(shape) / outer
  return [...calls, { kernel: 'reduce', reduction: 'sum', input: product, output, outer, size, inner: 1 }]
}

/** Matrix products, one for each index of the labels that all terms have. */
function lowerMatrices(
  context: LowerContext<typeof attributes>,
  { inputs: [left, right], output: wanted }: Equation,
  { batch, summed, rows, columns }: Split,
  sizes: Map<string, number>,
): readonly KernelCall[] {
  const count = (labels: readonly string[]) => labels.reduce((product, label) => product * sizes.get(label)!, 1)
  const [m, n, k] = [count(rows), count(columns), count(summed)]
  const calls: KernelCall[] = []
  const isTransposed = (own: readonly string[], order: readonly string[]) => own.join(',') === order.join(',')
  const transposeA = isTransposed(left!, [...batch, ...summed, ...rows])
  const transposeB = isTransposed(right!, [...batch, ...columns, ...summed])
  const a = transposeA
    ? context.input(0)
    : arranged(context, context.input(0), left!, [...batch, ...rows, ...summed], calls)
  const b = transposeB
    ? context.input(1)
    : arranged(context, context.input(1), right!, [...batch, ...summed, ...columns], calls)
  const made = [...batch, ...rows, ...columns]
  const output = context.output(0)
  const isInPlace = made.join(',') === wanted.join(',')
  const product = isInPlace
    ? output
    : context.scratch(
        'float32',
        made.map((label) => sizes.get(label)!),
      )
  const batches = Array.from({ length: count(batch) }, (_, i) => ({ a: i * m * k, b: i * k * n }))
  const gemm: GemmCall = { kernel: 'gemm', a, b, output: product, m, n, k, transposeA, transposeB, alpha: 1, batches }
  calls.push(gemm)
  if (!isInPlace) calls.push(copyOrAlias(product, output, moveOf(product, made, wanted)))
  return calls
}
