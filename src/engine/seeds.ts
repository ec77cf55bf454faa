import type { BoundNode } from './node-context'

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * The seed of a node's random numbers: its own `seed` attribute, else the run's seed mixed with the node's name, so that
 * two generators differ and one does not change when another node is added. FNV-1a, RFC 9923.
 */
export function seedOf({ node, attributes }: BoundNode, seed: number): number {
  const own = attributes['seed']
  let hash = FNV_OFFSET
  const parts = typeof own === 'number' ? `${own}` : `${seed}:${node.name}:${node.outputs.join(' ')}`
  for (const unit of new TextEncoder().encode(parts)) hash = Math.imul(hash ^ unit, FNV_PRIME)
  return hash >>> 0
}
