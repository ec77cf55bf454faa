import { clampPair, type PairSums } from '../pair-sums'

/** Plain TypeScript, element by element: what the SIMD kernel is compared with. */
export const referencePairSums: PairSums = {
  name: 'reference',
  load(given, outputs, isExact = false) {
    const weights = given.slice()
    const depth = weights.length / outputs
    return {
      outputs,
      depth,
      multiply({ source, starts, offsets }) {
        const stride = starts.length
        const sums = new Int32Array(outputs * stride)
        let saturated = 0
        for (let o = 0; o < outputs; o++) {
          for (let p = 0; p < stride; p++) {
            const at = (k: number) => (k < depth ? source[starts[p]! + offsets[k]!]! * weights[o * depth + k]! : 0)
            for (let k = 0; k < depth; k += 2) {
              const pair = at(k) + at(k + 1)
              const kept = isExact ? pair : clampPair(pair)
              if (kept !== pair) saturated++
              sums[o * stride + p]! += kept
            }
          }
        }
        return { sums, stride, saturated }
      },
    }
  },
  dispose() {
    // holds nothing
  },
}
