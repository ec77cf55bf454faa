import type { Recipe } from '../../jobs/recipe'
import type { MethodMeta } from '../../methods/method'

/** The command that makes the same bytes; options that are at their default are left out. */
export function cliLine(
  input: string,
  output: string,
  recipe: Recipe,
  metas: readonly Pick<MethodMeta, 'id' | 'options'>[],
  test?: { name: string; preprocess?: string },
): string {
  const steps = recipe.steps.map((step) => methodFlag(step, metas))
  // the command line tidies first by itself
  const isTidyDefault = steps[0] === 'tidy' && steps.length > 1
  const isTidyOff = !recipe.steps.some(({ method }) => method === 'tidy')
  const parts = ['npx plume compress', quote(input), '-o', quote(output)]
  for (const step of isTidyDefault ? steps.slice(1) : steps) parts.push('--method', quote(step))
  if (isTidyOff && steps.length > 0) parts.push('--no-tidy')
  if (recipe.seed !== 0) parts.push('--seed', String(recipe.seed))
  if (test) parts.push('--test', quote(test.name))
  if (test?.preprocess) parts.push('--preprocess', quote(test.preprocess))
  return parts.join(' ')
}

function methodFlag(step: Recipe['steps'][number], metas: readonly Pick<MethodMeta, 'id' | 'options'>[]): string {
  const schema = metas.find(({ id }) => id === step.method)?.options ?? {}
  const changed = Object.entries(step.options).filter(([name, value]) => schema[name]?.default !== value)
  const options = changed.map(([name, value]) => `${name}=${String(value)}`).join(',')
  return options ? `${step.method}:${options}` : step.method
}

/** Quoted for a POSIX shell where needed. A name that begins with a dash would be read as a flag. */
function quote(text: string): string {
  const safe = text.startsWith('-') ? `./${text}` : text
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`
}
