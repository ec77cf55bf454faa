/** Something that can be given up for room. */
export interface Evictable {
  readonly id: string
  readonly kind: 'input' | 'result'
  readonly sizeBytes: number
  /** Milliseconds since 1970 of its last use. */
  readonly usedAt: number
  /** Pinned by the visitor, or in use by a card of an open tab. */
  readonly isProtected: boolean
  /** A card that may come back would miss it. */
  readonly isMissed: boolean
}

/**
 * What goes, so that `neededBytes` more fit: inputs first (results are what people came for), those that nobody would
 * miss before others, then results; oldest first, never what is protected. Empty when even all of it would not be
 * enough: then nothing is given up for nothing.
 */
export function planEviction(all: readonly Evictable[], neededBytes: number): readonly Evictable[] {
  if (neededBytes <= 0) return []
  const free = all
    .filter(({ isProtected, sizeBytes }) => !isProtected && sizeBytes > 0)
    .sort((a, b) => rank(a) - rank(b) || a.usedAt - b.usedAt || (a.id < b.id ? -1 : 1))
  const plan: Evictable[] = []
  let freed = 0
  for (const one of free) {
    if (freed >= neededBytes) break
    plan.push(one)
    freed += one.sizeBytes
  }
  return freed >= neededBytes ? plan : []
}

function rank({ kind, isMissed }: Evictable): number {
  if (kind === 'result') return 2
  return isMissed ? 1 : 0
}
