import { hostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { formulaFor } from '../elementwise'
import { shapeOf, type GradientContext, type ValueName } from '../gradient'

/** Of larger matrices the minors would be too many. */
const LARGEST = 16

/** dx = dy · cofactors of x, which exist for singular matrices as well: determinants without row i and column j. */
export function determinantGradient(context: GradientContext<Record<never, never>>): readonly ValueName[] {
  const { write } = context
  const [x, dy] = [context.input(0), context.gradient(0)!]
  const shape = shapeOf(context, x)
  const [rank, size] = [shape.length, shape.at(-1)]
  if (typeof size !== 'number' || size > LARGEST) context.refuse(`a derivative of matrices above ${LARGEST} rows`)
  const f = formulaFor(context, x)
  const counts = Array.from({ length: size }, (_, i) => i)
  const others = write.constant(
    hostArray(
      'int64',
      [size, size - 1],
      counts.flatMap((i) => counts.filter((j) => j !== i)),
    ),
  )
  // [..., i, size − 1, j, size − 1]
  const rows = write.add('Gather', [x, others], [attribute.int('axis', rank - 2)])
  const parts = write.add('Gather', [rows, others], [attribute.int('axis', rank)])
  const lead = Array.from({ length: rank - 2 }, (_, i) => i)
  const order = [...lead, rank - 2, rank, rank - 1, rank + 1]
  const minors = write.add('Det', [write.add('Transpose', [parts], [attribute.ints('perm', order)])])
  const signs = counts.flatMap((i) => counts.map((j) => ((i + j) % 2 === 0 ? 1 : -1)))
  const cofactors = f.mul(minors, write.constant(hostArray(f.dtype, [size, size], signs)))
  return [f.mul(cofactors, write.add('Unsqueeze', [dy, write.integers([-2, -1])]))]
}
