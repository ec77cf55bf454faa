/** Equations of Einsum: which label each axis of each term has. */
import type { Dim } from '../graph/model'
import type { AttributeSchema } from './attributes'
import type { NodeView } from './op'
import { broadcast, mergeDims, type Dims } from './shapes'

type Context = Pick<NodeView<AttributeSchema>, 'fail'>

export interface Equation {
  /** One list of labels per input; axes under an ellipsis are '.1', '.0' counted from its end. */
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
}

const ELLIPSIS = '...'

/** Letters of a term, an ellipsis as one entry. */
function lettersOf(context: Context, term: string): string[] {
  const found = term.match(/\.\.\.|[A-Za-z]|[^]/g) ?? []
  const odd = found.find((letter) => !/^(\.\.\.|[A-Za-z])$/.test(letter))
  if (odd !== undefined) context.fail(`"${odd}" does not belong into the term "${term}"`)
  if (found.filter((letter) => letter === ELLIPSIS).length > 1) context.fail(`the term "${term}" has two ellipses`)
  return found
}

/** The letters with as many labels in place of an ellipsis as there are axes left. */
const spread = (letters: readonly string[], count: number): string[] =>
  letters.flatMap((letter) =>
    letter === ELLIPSIS ? Array.from({ length: count }, (_, i) => `.${count - 1 - i}`) : [letter],
  )

/**
 * Reads an equation such as 'bij,bjk->bik'. Without '->' the output has the axes of the ellipsis, then every letter that
 * stands once, in the order of the alphabet.
 */
export function parseEquation(context: Context, equation: string, ranks: readonly number[]): Equation {
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->')
  if (more.length > 0) context.fail(`the equation "${equation}" has two arrows`)
  const terms = left!.split(',').map((term) => lettersOf(context, term))
  if (terms.length !== ranks.length) context.fail(`the equation has ${terms.length} terms for ${ranks.length} inputs`)
  let widest = 0
  const inputs = terms.map((letters, i) => {
    const hasEllipsis = letters.includes(ELLIPSIS)
    const rest = ranks[i]! - letters.length + Number(hasEllipsis)
    if (rest < 0 || (rest > 0 && !hasEllipsis)) {
      context.fail(`the term "${letters.join('')}" does not fit the ${ranks[i]} axes of input ${i}`)
    }
    if (hasEllipsis) widest = Math.max(widest, rest)
    return spread(letters, rest)
  })
  const all = terms.flat().filter((letter) => letter !== ELLIPSIS)
  const once = [...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort()
  const wanted = right === undefined ? [ELLIPSIS, ...once] : lettersOf(context, right)
  const output = spread(wanted, widest)
  const unknown = output.find((label, i) => !inputs.flat().includes(label) || output.indexOf(label) !== i)
  if (unknown !== undefined)
    context.fail(`the output label "${unknown}" must stand in an input, and once in the output`)
  return { inputs, output }
}

/** Of two sizes under an ellipsis, where either may turn out to be 1; undefined where they contradict. */
function repeated(a: Dim, b: Dim): Dim | undefined {
  const found = broadcast([[a], [b]])
  return 'problem' in found ? undefined : found.shape?.[0]
}

/** The size of each label; an axis of size 1 is repeated. */
export function labelSizes(context: Context, { inputs }: Equation, shapes: readonly Dims[]): Map<string, Dim> {
  const sizes = new Map<string, Dim>()
  inputs.forEach((labels, i) =>
    labels.forEach((label, axis) => {
      const own = shapes[i]![axis]!
      const known = sizes.get(label)
      if (known === undefined || known === 1) return sizes.set(label, own)
      const merged = own === 1 ? known : label.startsWith('.') ? repeated(known, own) : mergeDims(known, own)
      if (merged === undefined) return context.fail(`the label "${label}" has the sizes ${known} and ${own}`)
      return sizes.set(label, merged)
    }),
  )
  return sizes
}
