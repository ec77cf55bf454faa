import { parseLayerRules, ruleFor, type LayerKind } from '../../core/layer-rules'

/** A layer as the text of rules must tell it from the others. */
export interface NamedLayer {
  readonly name: string
  readonly opType: string
}

/**
 * The text of rules that give exactly the layers of `chosen` a kind, as short as may be: all of them, all of an
 * operator, the ones whose names begin alike, or one by one.
 * @param all every layer, those of `chosen` among them
 */
export function rulesFor(chosen: readonly NamedLayer[], kind: LayerKind, all: readonly NamedLayer[]): string {
  if (chosen.length === 0) return ''
  const names = new Set(chosen.map(({ name }) => name))
  const isExact = (rule: string) => {
    const kindOf = parseLayerRules(rule, 'search')
    return all.every((layer) => (kindOf({ ...layer, chain: [layer.opType] }) === kind) === names.has(layer.name))
  }
  const types = new Set(chosen.map(({ opType }) => opType))
  const short = [
    `*=${kind}`,
    ...(types.size === 1 && chosen.length > 1 ? [`type:${[...types][0]}=${kind}`] : []),
    ...(chosen.length > 1 ? [`${commonStart(chosen.map(({ name }) => name))}*=${kind}`] : []),
  ]
  return (
    short.find((rule) => !/[\s,]/.test(rule) && isExact(rule)) ??
    [...names].map((name) => ruleFor(name, kind)).join(' ')
  )
}

/** Rules that go before others: the first that fits decides. */
export function joinRules(...texts: readonly string[]): string {
  return texts.filter((text) => text.trim() !== '').join(' ')
}

function commonStart([first = '', ...others]: readonly string[]): string {
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}
