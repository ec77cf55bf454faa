/** Calls that look at a tensor where it is, by the loops of the quantizing backend (`../quantize-jobs.ts`). */
import { elementCount } from '../../../core/dtypes'
import type { Operand } from '../../kernel-calls'
import type { HistogramCall, MinMaxCall } from '../../observe-calls'
import type { Dispatch, Kernel, Temporary } from '../dispatch'
import { mergesOf, shareOf, type Share } from '../quantize-jobs'
import { fill } from './fill'

const isFloat = ({ input }: { input: Operand }): boolean => input.dtype === 'float32'

const shareOfAll = ({ shape }: Operand, isSoftware: boolean): Share =>
  shareOf({ outer: 1, channels: 1, inner: elementCount(shape) }, isSoftware)

export const minMax: Kernel<MinMaxCall> = {
  supports: isFloat,
  encode({ input, output }, { isSoftware }) {
    const share = shareOfAll(input, isSoftware)
    const target = (parts: number): Operand | Temporary =>
      parts === 1 ? output : { temporary: 'u32', count: 3 * parts }
    let ranges = target(share.parts)
    const dispatches: Dispatch[] = [
      {
        shader: 'min-max',
        storage: [
          { name: 'x', of: input },
          { name: 'ranges', of: ranges },
        ],
        sizes: { ...share.sizes, start: 0 },
        grid: { invocations: share.invocations },
      },
    ]
    for (const [parts, mergedParts] of mergesOf(share.parts)) {
      const merged = target(mergedParts)
      dispatches.push({
        shader: 'min-max-merge',
        storage: [
          { name: 'ranges', of: ranges },
          { name: 'merged', of: merged },
        ],
        sizes: { parts, merged_parts: mergedParts, channels: 1 },
        grid: { invocations: mergedParts },
      })
      ranges = merged
    }
    return dispatches
  },
}

export const histogram: Kernel<HistogramCall> = {
  supports: isFloat,
  encode({ input, output, reciprocal, first }, facts) {
    const share = shareOfAll(input, facts.isSoftware)
    return [
      ...fill.encode({ kernel: 'fill', output, value: 0 }, facts),
      {
        shader: 'histogram',
        storage: [
          { name: 'x', of: input },
          { name: 'reciprocal', of: { table: Float32Array.of(reciprocal) } },
          { name: 'first', of: { table: Int32Array.of(first) } },
          { name: 'counts', of: output, isAtomic: true },
        ],
        sizes: { ...share.sizes, start: 0, channel: 0, bins: elementCount(output.shape) },
        grid: { invocations: share.invocations },
      },
    ]
  },
}
