import type { SharedLayer } from './schema'

/**
 * Indices of layers, that of the greatest effect first. The effect is the layer's part of all bytes saved, or its part
 * of all the noise (bytes × noise-to-signal ratio), whichever is greater: both the large and the harmed are worth a look.
 */
export function strongestFirst(layers: readonly SharedLayer[]): number[] {
  const saved = layers.map(({ sizeBeforeBytes, sizeAfterBytes }) => Math.abs(sizeBeforeBytes - sizeAfterBytes))
  const noise = layers.map(({ sizeBeforeBytes, sqnrDb }) =>
    sqnrDb === null ? 0 : sizeBeforeBytes * 10 ** (-sqnrDb / 10),
  )
  const [allSaved, allNoise] = [saved, noise].map((list) => list.reduce((sum, value) => sum + value, 0) || 1) as [
    number,
    number,
  ]
  const effect = layers.map((_, i) => Math.max((saved[i] as number) / allSaved, (noise[i] as number) / allNoise))
  return layers.map((_, i) => i).sort((a, b) => (effect[b] as number) - (effect[a] as number) || a - b)
}
