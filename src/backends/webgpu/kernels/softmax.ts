/** Softmax and the logarithm of a sum of exponentials: the maximum and the sum of a line in one pass. */
import type { ReduceCall, SoftmaxCall } from '../../kernel-calls'
import type { Dispatch, Kernel, Storage } from '../dispatch'
import { isFloat, partsDispatch, partsOf, rowGrid, rowWidth, storage, storageBy, temporary, type Lines } from './lines'

const SINGLE = 'fn term(i: u32) -> vec2<f32> { return vec2<f32>(x_at(i), 1.0); }'
const PAIR = 'fn term(i: u32) -> vec2<f32> { return vec2<f32>(part_most_at(i), part_sums_at(i)); }'
const KEEP_PART = 'fn keep(i: u32, pair: vec2<f32>) { most_put(i, pair.x); sums_put(i, pair.y); }'
/** No line with an infinite maximum has a softmax: ∞ − ∞ is NaN. */
const KEEP_SUM = `fn keep(i: u32, pair: vec2<f32>) {
  most_put(i, pair.x);
  sums_put(i, select(pair.y, math_nan(), math_is_infinite(pair.x)));
}`
/** An infinite maximum is the result. */
const KEEP_LOG = `fn keep(i: u32, pair: vec2<f32>) {
  let is_whole = math_is_infinite(pair.x) && !math_is_nan(pair.y);
  y_put(i, select(pair.x + math_log(pair.y), pair.x, is_whole));
}`

const EXPONENTIAL = {
  1: 'fn exponential(v: f32) -> f32 { return math_exp(v); }',
  4: `fn exponential(v: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(math_exp(v.x), math_exp(v.y), math_exp(v.z), math_exp(v.w));
}`,
}

interface Target {
  readonly storage: readonly Storage[]
  readonly keep: string
}

/** Pairs of maximum and sum for each line, in one dispatch or two, stored as `target` says. */
function encodeSums(x: Storage, lines: Lines, parts: number, target: Target): Dispatch[] {
  const { outer, inner } = lines
  const pass = (term: string, from: readonly Storage[], size: number, count: number, to: Target): Dispatch =>
    partsDispatch(
      { shader: 'exp-sums', storage: [...from, ...to.storage], slots: { formulas: `${term}\n${to.keep}` } },
      { outer, size, inner },
      count,
    )
  if (parts === 1) return [pass(SINGLE, [x], lines.size, 1, target)]
  const [most, sums] = [temporary('f32', outer * parts * inner), temporary('f32', outer * parts * inner)]
  const between: Target = { storage: [storage('most', most), storage('sums', sums)], keep: KEEP_PART }
  const pairs = [storage('part_most', most), storage('part_sums', sums)]
  return [pass(SINGLE, [x], lines.size, parts, between), pass(PAIR, pairs, parts, 1, target)]
}

export const encodeLogSumExp = (call: ReduceCall, parts: number): Dispatch[] =>
  encodeSums(storage('x', call.input), call, parts, { storage: [storage('y', call.output)], keep: KEEP_LOG })

export const softmax: Kernel<SoftmaxCall> = {
  supports: ({ input, output }) => isFloat(input, output),
  encode(call, facts) {
    const { input, output, outer, size, inner, isLog } = call
    const x = storage('x', input)
    const width = rowWidth(call, facts)
    if (width !== undefined) {
      return [
        {
          shader: 'softmax-row',
          storage: [x, storage('y', output)],
          sizes: { rows: outer, size },
          constants: { WIDTH: width, IS_LOG: isLog },
          grid: rowGrid(outer, facts),
        },
      ]
    }
    const kept = [storage('most', temporary('f32', outer * inner)), storage('sums', temporary('f32', outer * inner))]
    const unit = inner === 1 && size % 4 === 0 ? 4 : 1
    return [
      ...encodeSums(x, call, partsOf(call, facts), { storage: kept, keep: KEEP_SUM }),
      {
        shader: 'softmax',
        storage: [storageBy(unit, 'x', input), ...kept, storageBy(unit, 'y', output)],
        sizes: { size: size / unit, inner },
        constants: { IS_LOG: isLog },
        slots: { exponential: EXPONENTIAL[unit] },
        grid: { invocations: (outer * size * inner) / unit },
      },
    ]
  },
}
