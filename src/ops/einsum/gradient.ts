/**
 * The gradient of one input of Einsum: the equation with that input's term and the output's exchanged. What stands in no other
 * term is repeated, and a label that stands twice in the term is a diagonal.
 */
import { attribute } from '../../graph/model'
import { formulaFor } from '../elementwise'
import { labelSizes, parseEquation, type Equation } from '../einsum-equation'
import { shapeOf, sumTo, type GradientContext, type GraphWriter, type ValueName } from '../gradient'
import type { text } from '../attributes'

type Context = GradientContext<{ equation: ReturnType<typeof text> }>

interface Term {
  readonly value: ValueName
  readonly labels: readonly string[]
}

export function einsumGradient(context: Context): readonly (ValueName | undefined)[] {
  const values = Array.from({ length: context.inputCount }, (_, i) => context.input(i))
  const shapes = values.map((value) => shapeOf(context, value))
  const ranks = shapes.map(({ length }) => length)
  const equation = parseEquation(context, context.attributes.equation, ranks)
  labelSizes(context, equation, shapes)
  return values.map((value, k) =>
    context.needs(k) ? sumTo(context, gradientOf(context, equation, k), value) : undefined,
  )
}

function gradientOf(context: Context, { inputs, output }: Equation, k: number): ValueName {
  const { write } = context
  const terms = inputs.map((labels, i): Term => ({ value: context.input(i), labels }))
  const others = terms.filter((_, i) => i !== k)
  const own = inputs[k]!
  const wanted = [...new Set(own)]
  const reached = new Set([...output, ...others.flatMap(({ labels }) => labels)])
  let current: Term = { value: context.gradient(0) as ValueName, labels: output }
  if (others.length === 0)
    current = contracted(
      write,
      [current],
      wanted.filter((label) => reached.has(label)),
    )
  others.forEach((other, i) => {
    const later = new Set([...wanted, ...others.slice(i + 1).flatMap(({ labels }) => labels)])
    const labels = [...new Set([...current.labels, ...other.labels])].filter((label) => later.has(label))
    const isLast = i === others.length - 1
    current = contracted(write, [current, other], isLast ? wanted.filter((label) => reached.has(label)) : labels)
  })
  return spread(context, current, { terms, k })
}

/** Σ over the labels that `labels` does not have. */
function contracted(write: GraphWriter, terms: readonly Term[], labels: readonly string[]): Term {
  const all = [...new Set(terms.flatMap((term) => term.labels))]
  const letters = (list: readonly string[]) => list.map((label) => LETTERS[all.indexOf(label)]).join('')
  const equation = `${terms.map((term) => letters(term.labels)).join(',')}->${letters(labels)}`
  const value = write.add(
    'Einsum',
    terms.map((term) => term.value),
    [attribute.string('equation', equation)],
  )
  return { value, labels }
}
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** From distinct labels to the axes of the input: axes that are missing are repeated, second ones are diagonals. */
function spread(
  context: Context,
  { value, labels }: Term,
  { terms, k }: { readonly terms: readonly Term[]; readonly k: number },
): ValueName {
  const { write } = context
  const f = formulaFor(context, value)
  const own = terms[k]!
  const missing = own.labels.flatMap((label, axis) =>
    labels.includes(label) && own.labels.indexOf(label) === axis ? [] : [axis],
  )
  if (missing.length === 0) return value
  const open = write.add('Unsqueeze', [value, write.integers(missing)])
  const size = (axis: number) =>
    write.add('Squeeze', [
      write.add('Shape', [own.value], [attribute.int('start', axis), attribute.int('end', axis + 1)]),
    ])
  const along = (axis: number) => {
    const places = write.add('Range', [write.number(0, 'int64'), size(axis), write.number(1, 'int64')])
    const axes = own.labels.flatMap((_, other) => (other === axis ? [] : [other]))
    return axes.length === 0 ? places : write.add('Unsqueeze', [places, write.integers(axes)])
  }
  const diagonals = own.labels.flatMap((label, axis) => (own.labels.indexOf(label) === axis ? [] : [axis]))
  const kept = diagonals.reduce((made, axis) => {
    const isEqual = write.add('Equal', [along(own.labels.indexOf(own.labels[axis]!)), along(axis)])
    return f.where(isEqual, made, 0)
  }, open)
  return write.add('Expand', [kept, write.add('Shape', [own.value])])
}
