/** Poolings over all spatial axes at once: [N, C, …] → [N, C, 1, …]. */
import type { ReduceCall } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import { numbersOf } from '../core/host-array'
import type { AttributeSchema, Attributes } from './attributes'
import { requireKind } from './dtype-kinds'
import { formulaFor } from './elementwise'
import type { Formula, Term } from './formula'
import { expandedLike, shapeOf, type GradientContext, type ValueName } from './gradient'
import { defineOperator, differentiable, FLOAT32, type Operator } from './op'
import { poolCall } from './pooling'

export interface GlobalPool<S extends AttributeSchema> {
  readonly name: string
  readonly attributes: S
  /** Of one channel. */
  readonly compute: (values: ArrayLike<number>, attributes: Attributes<S>) => number
  /** (Σ |x|^norm)^(1/norm); undefined: no kernel. */
  readonly reduction: (attributes: Attributes<S>) => ReduceCall['reduction'] | { readonly norm: number } | undefined
  /** dx, of the shape of x or repeated to it. */
  readonly gradient: (
    f: Formula,
    values: { readonly x: ValueName; readonly y: ValueName; readonly dy: ValueName },
    lines: {
      readonly attributes: Attributes<S>
      /** Over each channel. */
      sum(value: ValueName): ValueName
      /** Elements of a channel. */
      count(): Term
    },
  ) => ValueName
}

export function defineGlobalPool<const S extends AttributeSchema>(pool: GlobalPool<S>): Operator<S> {
  return defineOperator<S>({
    name: pool.name,
    domain: '',
    attributes: pool.attributes,
    inputs: [1, 1],
    infer(context) {
      requireKind(context, 0, 'float')
      const x = context.shape(0)
      if (x && x.length < 2) context.fail('the input must be [N, C, …]')
      return [{ dtype: context.dtype(0), shape: x?.map((dim, axis) => (axis < 2 ? dim : 1)) }]
    },
    reference(context, x) {
      const size = elementCount(x!.shape.slice(2))
      const result = context.empty(
        x!.dtype,
        x!.shape.map((dim, axis) => (axis < 2 ? dim : 1)),
      )
      const values = numbersOf(x!)
      for (let plane = 0; plane < result.values.length; plane++) {
        result.values[plane] = pool.compute(values.subarray(plane * size, (plane + 1) * size), context.attributes)
      }
      return [result]
    },
    gradient: differentiable((context) => gradientOf(context, pool.gradient)),
    lower(context) {
      const input = context.input(0)
      const reduction = pool.reduction(context.attributes)
      const size = elementCount(input.shape.slice(2))
      if (input.dtype !== 'float32' || !reduction || size === 0) return null
      if (typeof reduction === 'object') {
        const axis = { input: size, output: 1, kernel: size, stride: 1, dilation: 1, padBegin: 0, padEnd: 0 }
        const call = poolCall({ type: 'norm', ...reduction }, input, context.output(0), [axis])
        return call && [call]
      }
      const outer = elementCount(input.shape.slice(0, 2))
      return [{ kernel: 'reduce', reduction, input, output: context.output(0), outer, size, inner: 1 }]
    },
    tolerance: FLOAT32,
  })
}

function gradientOf<S extends AttributeSchema>(
  context: GradientContext<S>,
  derive: GlobalPool<S>['gradient'],
): readonly ValueName[] {
  const { write, attributes } = context
  const [x, y, dy] = [context.input(0), context.output(0), context.gradient(0) as ValueName]
  const axes = write.integers(shapeOf(context, x).flatMap((_, axis) => (axis < 2 ? [] : [axis])))
  const f = formulaFor(context, x)
  const sum = (value: ValueName) => write.add('ReduceSum', [value, axes])
  const sizes = shapeOf(context, x).slice(2)
  const isKnown = sizes.every((size) => typeof size === 'number')
  const count = () => (isKnown ? elementCount(sizes as number[]) : sum(f.of('Expand', 1, f.of('Shape', x))))
  return [expandedLike(context, derive(f, { x, y, dy }, { attributes, sum, count }), x)]
}
