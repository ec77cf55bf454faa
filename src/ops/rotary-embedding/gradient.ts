import { attribute } from '../../graph/model'
import { formulaFor } from '../elementwise'
import { shapeOf, zerosLike, type GradientContext, type ValueName } from '../gradient'
import type { attributes } from './rotary-embedding'

type Context = GradientContext<typeof attributes>

/** dx is dy turned back; with pairs (a, b), d cos = Σ da·a + db·b and d sin = Σ db·a − da·b over all heads. */
export function rotaryGradient(context: Context): readonly (ValueName | undefined)[] {
  const { write, needs, input, attributes: own } = context
  const dy = context.gradient(0) as ValueName
  const f = formulaFor(context, dy)
  const [x, cos, sin] = [input(0), input(1), input(2)]
  const positions = context.has(3) ? input(3) : undefined
  const given = [
    attribute.int('interleaved', Number(own.interleaved)),
    own.num_heads === undefined ? undefined : attribute.int('num_heads', own.num_heads),
    attribute.int('rotary_embedding_dim', own.rotary_embedding_dim),
  ]
  const dx = needs(0) ? write.add('RotaryEmbedding', [dy, cos, f.neg(sin), positions], given) : undefined
  if (!needs(1) && !needs(2)) return [dx]
  const [[a, b], [da, db]] = [x, dy].map((value) => pairsOf(context, value)) as [Pair, Pair]
  const toCache = (value: ValueName, cache: ValueName) => {
    const heads = write.integers([shapeOf(context, x).length === 4 ? 1 : 2])
    const sum = write.add('ReduceSum', [value, heads], [attribute.int('keepdims', 0)])
    if (positions === undefined) return sum
    const places = write.add('Unsqueeze', [positions, write.integers([2])])
    return write.add('ScatterND', [zerosLike(write, cache), places, sum], [attribute.string('reduction', 'add')])
  }
  return [
    dx,
    needs(1) ? toCache(f.add(f.mul(da, a), f.mul(db, b)), cos) : undefined,
    needs(2) ? toCache(f.sub(f.mul(db, a), f.mul(da, b)), sin) : undefined,
  ]
}

type Pair = readonly [ValueName, ValueName]

/** The first and the second of each pair that is turned, [B, heads, S, half] or [B, S, heads, half]. */
function pairsOf(context: Context, value: ValueName): Pair {
  const { write, attributes: own } = context
  const half = shapeOf(context, context.input(1)).at(-1)
  if (typeof half !== 'number') return context.fail('the size of its caches must be known to differentiate it')
  const heads = own.num_heads ?? 0
  const isFlat = shapeOf(context, value).length === 3
  const headed = isFlat ? write.add('Reshape', [value, write.integers([0, 0, heads, -1])]) : value
  const part = (from: number, to: number, step: number) =>
    write.add('Slice', [headed, ...[[from], [to], [3], [step]].map((list) => write.integers(list))])
  return own.interleaved ? [part(0, 2 * half, 2), part(1, 2 * half, 2)] : [part(0, half, 1), part(half, 2 * half, 1)]
}
