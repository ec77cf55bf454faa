import { UsageError } from '../../core/errors'
import { methodMetas } from '../../methods'
import type { MethodMeta } from '../../methods/method'
import type { Recipe } from '../recipe'

export type MethodFacts = Pick<MethodMeta, 'id' | 'options'>
type Step = Recipe['steps'][number]

/**
 * `ID` or `ID:key=value,key=value`, the value of `--method` → a recipe step; values stay text, the method's schema
 * reads them. A comma inside a value is written `\,`, a backslash before a comma or backslash `\\`.
 * @throws UsageError
 */
export function parseMethodFlag(text: string): { method: string; options: Record<string, string> } {
  const colon = text.indexOf(':')
  const method = colon < 0 ? text : text.slice(0, colon)
  const pairs: [string, string][] = []
  for (const pair of colon < 0 ? [] : splitPairs(text.slice(colon + 1))) {
    const equals = pair.indexOf('=')
    if (equals <= 0) throw new UsageError(`--method ${text}: "${pair}" should be key=value.`)
    pairs.push([pair.slice(0, equals), pair.slice(equals + 1).replace(/\\([\\,])/g, '$1')])
  }
  // as own properties, whatever the keys are called
  return { method, options: Object.fromEntries(pairs) }
}

/** At commas that no backslash stands before. */
function splitPairs(text: string): string[] {
  if (text === '') return []
  const pairs = ['']
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === ',') pairs.push('')
    else {
      const isEscape = character === '\\' && /[\\,]/.test(text[at + 1] ?? '')
      pairs.push(pairs.pop() + character + (isEscape ? text[++at] : ''))
    }
  }
  return pairs
}

/** The inverse: options at their default are left out. */
export function formatMethodFlag(step: Step, metas: readonly MethodFacts[] = methodMetas): string {
  const schema = metas.find(({ id }) => id === step.method)?.options ?? {}
  const changed = Object.entries(step.options).filter(([name, value]) => schema[name]?.default !== value)
  const options = changed.map(([name, value]) => `${name}=${String(value).replace(/[\\,]/g, '\\$&')}`).join(',')
  return options ? `${step.method}:${options}` : step.method
}

/** The flags that give these steps back. */
export function methodFlags(
  steps: readonly Step[],
  metas: readonly MethodFacts[] = methodMetas,
): { methods: string[]; isTidyOff: boolean } {
  const methods = steps.map((step) => formatMethodFlag(step, metas))
  const tidies = steps.filter(({ method }) => method === 'tidy').length
  const isTidyImplied = tidies === 1 && methods[0] === 'tidy' && methods.length > 1
  return {
    methods: isTidyImplied ? methods.slice(1) : methods,
    isTidyOff: tidies === 0 && methods.length > 0,
  }
}
