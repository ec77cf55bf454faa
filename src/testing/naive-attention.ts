/** Attention, naively: see naive-kernels.ts. Not part of the product. */
import type { AttentionCall, HeadStrides } from '../backends/attention-call'
import { numbersOf, type HostArray } from '../core/host-array'
import { broadcastStrides } from '../ops/shapes'
import type { ArrayOf } from './naive-kernels'

export function attention(call: AttentionCall, arrayOf: ArrayOf, y: HostArray): void {
  const { batch, heads, queries, keyHeads, strides } = call
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const source = Math.floor((h * keyHeads) / heads)
      const keys = rowsOf(arrayOf(call.key), strides.key, [b, source, call.keys, call.size])
      const values = rowsOf(arrayOf(call.value), strides.value, [b, source, call.keys, call.valueSize])
      const asked = rowsOf(arrayOf(call.query), strides.query, [b, h, queries, call.size])
      asked.forEach((query, i) => {
        const scores = keys.map((key, j) => scoreOf(call, arrayOf, [b, h, i, j], dot(query, key)))
        const most = Math.max(...scores)
        const weights = scores.map((score) => Math.exp(score - most))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const start = b * strides.output.batch + h * strides.output.head + i * strides.output.row
        for (let e = 0; e < call.valueSize; e++) {
          const sum = weights.reduce((all, weight, j) => all + weight * values[j]![e]!, 0)
          y.values[start + e] = most === -Infinity ? 0 : sum / total
        }
      })
    }
  }
}

type Numbers = readonly number[]

function rowsOf(
  array: HostArray,
  strides: HeadStrides,
  [b, h, count, size]: readonly [number, number, number, number],
): Numbers[] {
  const start = b * strides.batch + h * strides.head
  return Array.from({ length: count }, (_, row) => {
    const at = start + row * strides.row
    return [...numbersOf(array).slice(at, at + size)]
  })
}

const dot = (a: Numbers, b: Numbers): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)

function scoreOf(
  call: AttentionCall,
  arrayOf: ArrayOf,
  [b, h, i, j]: readonly [number, number, number, number],
  product: number,
): number {
  const { scale, softcap, left, right, mask } = call
  const valid = call.valid && Number(arrayOf(call.valid).values[b])
  const p = i + (valid === undefined ? call.past : valid - call.queries)
  const isHidden = (call.isCausal && j > p) || (left >= 0 && j < p - left) || (right >= 0 && j > p + right)
  if (isHidden || j >= (valid ?? Infinity)) return -Infinity
  const scaled = product * scale
  const capped = softcap > 0 ? softcap * Math.tanh(scaled / softcap) : scaled
  if (!mask) return capped
  const length = mask.shape.at(-1)!
  if (j >= length) return -Infinity
  const strides = broadcastStrides(mask.shape, [call.batch, call.heads, call.queries, length])
  const at = [b, h, i, j].reduce((sum, index, axis) => sum + index * strides[axis]!, 0)
  const found = Number(arrayOf(mask).values[at])
  return mask.dtype === 'bool' ? (found === 0 ? -Infinity : capped) : capped + found
}
