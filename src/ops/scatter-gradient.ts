/** Derivatives of ScatterElements and ScatterND, which differ in how indices name places. */
import type { ScatterReduction } from '../backends/place-calls'
import { attribute, type Attribute } from '../graph/model'
import type { AttributeRule, AttributeSchema } from './attributes'
import { formulaFor } from './elementwise'
import { zerosLike, type GradientContext, type ValueName } from './gradient'

type Schema = AttributeSchema & { readonly reduction: AttributeRule<ScatterReduction> }
type Gradients = readonly (ValueName | undefined)[]

interface Places {
  /** Of each update, the element of the array that it goes to. */
  take(array: ValueName): ValueName
  put(array: ValueName, updates: ValueName, reduction: ScatterReduction): ValueName
}

/** y = x with updates put, added, multiplied or compared into it. Updates that overwrite each other have no derivative. */
export function scatterGradient<S extends Schema>(
  context: GradientContext<S>,
  ...[scatter, gather, axis]: readonly [scatter: string, gather: string, axis?: Attribute]
): Gradients {
  const { write } = context
  const indices = context.input(1)
  const places: Places = {
    take: (array) => write.add(gather, [array, indices], [axis]),
    put: (array, updates, reduction) =>
      write.add(scatter, [array, indices, updates], [axis, attribute.string('reduction', reduction)]),
  }
  const { reduction } = context.attributes as { readonly reduction: ScatterReduction }
  const dy = context.gradient(0)!
  if (reduction === 'mul') return ofProducts(context, places)
  if (reduction === 'max' || reduction === 'min') return ofExtremes(context, places)
  const kept = () => (reduction === 'add' ? dy : places.put(dy, zerosLike(write, context.input(2)), 'none'))
  return [context.needs(0) ? kept() : undefined, undefined, context.needs(2) ? places.take(dy) : undefined]
}

/** Those that are the result share its gradient. */
function ofExtremes<S extends AttributeSchema>(context: GradientContext<S>, { take, put }: Places): Gradients {
  const [x, updates, y, dy] = [context.input(0), context.input(2), context.output(0), context.gradient(0)!]
  const f = formulaFor(context, x)
  const [ofX, ofUpdates] = [f.count(f.equal(x, y)), f.count(f.equal(updates, take(y)))]
  const share = f.div(dy, put(ofX, ofUpdates, 'add'))
  return [f.mul(ofX, share), undefined, f.mul(ofUpdates, take(share))]
}

/** Each gets the product of the others, without dividing by a factor 0. */
function ofProducts<S extends AttributeSchema>(context: GradientContext<S>, { take, put }: Places): Gradients {
  const [x, updates, dy] = [context.input(0), context.input(2), context.gradient(0)!]
  const f = formulaFor(context, x)
  const isZero = (value: ValueName) => f.equal(value, 0)
  const factor = (value: ValueName) => f.where(isZero(value), 1, value)
  const product = put(factor(x), factor(updates), 'mul')
  const zeros = put(f.count(isZero(x)), f.count(isZero(updates)), 'add')
  const others = (value: ValueName, all: ValueName, none: ValueName) => {
    const left = f.sub(none, f.count(isZero(value)))
    return f.where(f.equal(left, 0), f.div(all, factor(value)), 0)
  }
  return [f.mul(dy, others(x, product, zeros)), undefined, f.mul(take(dy), others(updates, take(product), take(zeros)))]
}
