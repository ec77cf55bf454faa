/** Running sums: of the chunks of each line, of their sums, and of every element from them on. */
import { deviceLayout } from '../../../core/device-layout'
import type { CumulativeCall } from '../../row-calls'
import type { Dispatch, Kernel, Storage } from '../dispatch'
import { isFloat, partsOf, storage, temporary, type Lines } from './lines'

/** What the walk along a chunk starts from and leaves. */
interface Walk {
  readonly begin: string
  readonly store: string
  readonly finish: string
}

const FROM_ZERO = 'return x_element(0);'
const SUMS: Walk = { begin: FROM_ZERO, store: '', finish: 'sums_put(at, value);' }
const WHOLE: Walk = { begin: FROM_ZERO, store: 'y_put(i, value);', finish: '' }
const CONTINUED: Walk = { begin: 'return offsets_at(at);', store: 'y_put(i, value);', finish: '' }

const formulas = ({ begin, store, finish }: Walk): string =>
  [
    `fn begin(at: u32) -> x_element { ${begin} }`,
    `fn store(i: u32, value: x_element) { ${store} }`,
    `fn finish(at: u32, value: x_element) { ${finish} }`,
  ].join('\n')

export const cumulative: Kernel<CumulativeCall> = {
  supports: ({ input, output }) => input.dtype === output.dtype && deviceLayout(input.dtype)?.bits === 32,
  encode(call, facts) {
    const { input, output, outer, inner, isExclusive, isReverse } = call
    const { scalar, isNarrowed } = deviceLayout(input.dtype)!
    const checked = scalar === 'i32' ? 'return whole_add(a, b);' : 'return whole_add_unsigned(a, b);'
    const add: Record<string, string> = isFloat(input) ? {} : { add: isNarrowed ? checked : 'return a + b;' }
    const shader = isFloat(input) ? 'cumulative' : 'cumulative-whole'
    const walk = (used: Walk, lines: Lines, chunks: number, options: Walked): Dispatch => ({
      shader,
      storage: options.storage,
      sizes: { size: lines.size, inner: lines.inner, chunks, chunk: Math.ceil(lines.size / chunks) },
      constants: { IS_EXCLUSIVE: options.isExclusive, IS_REVERSE: options.isReverse },
      slots: { ...add, formulas: formulas(used) },
      grid: { invocations: lines.outer * chunks * lines.inner },
    })
    const [x, y] = [storage('x', input), storage('y', output)]
    const chunks = partsOf(call, facts)
    const order = { isExclusive, isReverse }
    if (chunks === 1) return [walk(WHOLE, call, 1, { ...order, storage: [x, y] })]
    const [sums, offsets] = [temporary(scalar, outer * inner * chunks), temporary(scalar, outer * inner * chunks)]
    const ofChunks = { outer: outer * inner, size: chunks, inner: 1 }
    return [
      walk(SUMS, call, chunks, { ...order, storage: [x, storage('sums', sums)] }),
      walk(WHOLE, ofChunks, 1, {
        ...{ isExclusive: true, isReverse: false },
        storage: [storage('x', sums), storage('y', offsets)],
      }),
      walk(CONTINUED, call, chunks, { ...order, storage: [x, storage('offsets', offsets), y] }),
    ]
  },
}

interface Walked {
  readonly storage: readonly Storage[]
  readonly isExclusive: boolean
  readonly isReverse: boolean
}
