import source from './module-runtime.js?raw'

/** The functions of module-runtime.js by name, each with its comment. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map(
  [...source.matchAll(/(?:^\/\*\*(?:(?!\*\/)[^])*\*\/\n)?^export function (\w+)[^]*?^}$/gm)].map(([text, name]) => [
    name as string,
    text.replace('export function', 'function'),
  ]),
)

/** The text of all functions that `code` calls, and of those that these call, in the order of module-runtime.js. */
export function functionsFor(code: string): string {
  const needed = new Set<string>()
  const visit = (text: string) => {
    for (const [, name = ''] of text.matchAll(/(?<![.\w])(\w+)(?=\(|,|\))/g)) {
      const found = FUNCTIONS.get(name)
      if (!found || needed.has(name)) continue
      needed.add(name)
      visit(found)
    }
  }
  visit(code)
  return [...FUNCTIONS].flatMap(([name, text]) => (needed.has(name) ? [text] : [])).join('\n\n')
}
