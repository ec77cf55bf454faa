/** The place of the largest or smallest element of each line, of any type of numbers. */
import { deviceLayout } from '../../../core/device-layout'
import type { ArgReduceCall } from '../../kernel-calls'
import type { Dispatch, Kernel, Storage } from '../dispatch'
import { isFloat, partsDispatch, partsOf, storage, temporary } from './lines'

/** A NaN is replaced by whatever comes: only the first element of a whole line keeps its place. */
const FLOAT = (sign: string) => `fn is_nan(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u; }
fn is_better(v: f32, most: f32) -> bool { return v ${sign} most || (is_nan(most) && !is_nan(v)); }`
const WHOLE = (sign: string) => `fn is_nan(v: x_element) -> bool { return false; }
fn is_better(v: x_element, most: x_element) -> bool { return v ${sign} most; }`

const EVERY = 'fn candidate(start: u32, i: u32) -> u32 { return i; }'
const FOUND = 'fn candidate(start: u32, i: u32) -> u32 { return u32(found_at(start + i * sizes.inner)); }'

export const argReduce: Kernel<ArgReduceCall> = {
  supports: ({ input, output }) => deviceLayout(input.dtype) !== undefined && output.dtype === 'int64',
  encode(call, facts) {
    const { input, output, outer, size, inner, wants, takesLast } = call
    const parts = partsOf(call, facts)
    const compare = (isFloat(input) ? FLOAT : WHOLE)(wants === 'max' ? '>' : '<')
    const pass = (candidates: number, count: number, formula: string, bound: readonly Storage[]): Dispatch =>
      partsDispatch(
        {
          shader: 'arg-reduce',
          storage: [storage('x', input), ...bound],
          sizes: { candidates },
          constants: { TAKES_LAST: takesLast },
          slots: { formulas: `${compare}\n${formula}` },
        },
        { outer, size, inner },
        count,
      )
    if (parts === 1) return [pass(size, 1, EVERY, [storage('y', output)])]
    const found = temporary('i32', outer * parts * inner)
    return [
      pass(size, parts, EVERY, [storage('y', found)]),
      pass(parts, 1, FOUND, [storage('found', found), storage('y', output)]),
    ]
  },
}
