import { UsageError } from './errors'
import { namePatterns } from './name-patterns'

/** What a layer is to become: float, or integers of so many bits. */
export type LayerKind = 'float' | '16' | '8' | '4'

const KINDS: readonly LayerKind[] = ['float', '16', '8', '4']

/** What rules see of a layer. */
export interface RuledLayer {
  readonly name: string
  readonly opType: string
  /** Operators of the chain that it begins, itself first: Conv, Relu. */
  readonly chain: readonly string[]
}

interface Rule {
  readonly fits: (layer: RuledLayer) => boolean
  readonly kind: LayerKind
}

/**
 * Rules `PATTERN=KIND`, separated by spaces; the first that fits decides.
 * @param owner who the rules belong to, for messages
 * @returns the kind of a layer; undefined where no rule fits
 * @throws UsageError naming the rule, what was expected and what was found
 */
export function parseLayerRules(text: string, owner: string): (layer: RuledLayer) => LayerKind | undefined {
  const rules = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => parseRule(word, owner))
  return (layer) => rules.find(({ fits }) => fits(layer))?.kind
}

function parseRule(word: string, owner: string): Rule {
  const at = word.lastIndexOf('=')
  const [pattern, kind] = [word.slice(0, at), word.slice(at + 1) as LayerKind]
  if (at < 1 || !KINDS.includes(kind)) {
    throw new UsageError(
      `Rule "${word}" of ${owner}: expected PATTERN=KIND with a KIND of ${KINDS.join(', ')}, such as conv1=float.`,
    )
  }
  if (pattern.startsWith('type:')) {
    const opType = pattern.slice('type:'.length)
    return { kind, fits: (layer) => layer.opType === opType }
  }
  if (pattern.startsWith('pattern:')) {
    const chain = pattern.slice('pattern:'.length).split('+')
    return { kind, fits: (layer) => chain.every((opType, i) => layer.chain[i] === opType) }
  }
  const isNamed = namePatterns(pattern)
  return { kind, fits: ({ name }) => isNamed(name) }
}

/** The text of a rule for one layer, whatever is in its name. */
export function ruleFor(name: string, kind: LayerKind): string {
  return `${name.replace(/[\s,]/g, '?').replace(/^(?:type|pattern):/, (prefix) => `?${prefix.slice(1)}`)}=${kind}`
}
