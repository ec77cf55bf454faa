import { formatBudget } from '../budget'
import type { Recipe } from '../recipe'
import type { Budget } from '../report'
import { methodFlags, type MethodFacts } from './method-flag'
import { quoteWord } from './shell-words'

/** What a command line names beside the recipe. */
export interface CliFiles {
  readonly input: string
  readonly output: string
  /** The data to prove the result on, and how its pictures and its state are handled. */
  readonly test?: string
  /** The data to choose ranges on. */
  readonly calibrate?: string
  /** Of the automatic choice: what it must keep, and most trials. */
  readonly budget?: Budget
  readonly trials?: number
  readonly preprocess?: string
  /** Each `OUTPUT=INPUT`. */
  readonly state?: readonly string[]
  /** Column of the labels, of a table. */
  readonly target?: string
}

/**
 * The command that makes the same bytes, for a POSIX shell; options that are at their default are left out. A recipe
 * without steps becomes the automatic choice. Ranges cannot be said by flags: see `recipeForms`. `parseCliLine` is the inverse.
 */
export function cliLine(recipe: Recipe, files: CliFiles, metas?: readonly MethodFacts[]): string {
  const { methods, isTidyOff } = methodFlags(recipe.steps, metas)
  const words = ['npx', 'plume', 'compress', path(files.input), '-o', path(files.output)]
  for (const method of methods) words.push(...flag('--method', method))
  if (isTidyOff) words.push('--no-tidy')
  if (recipe.seed !== 0) words.push('--seed', String(recipe.seed))
  if (recipe.steps.length === 0) words.push(...searchWords(files))
  if (files.calibrate !== undefined) words.push('--calibrate', path(files.calibrate))
  if (files.test !== undefined) words.push('--test', path(files.test))
  if ((files.test ?? files.calibrate) !== undefined) {
    if (files.target !== undefined) words.push(...flag('--target', files.target))
    if (files.preprocess) words.push(...flag('--preprocess', files.preprocess))
    for (const link of files.state ?? []) words.push(...flag('--state', link))
  }
  return words.map(quoteWord).join(' ')
}

/** What the automatic choice is told; the methods of a recipe leave nothing to choose. */
function searchWords({ budget, trials }: CliFiles): string[] {
  return [
    ...(budget && budget.kind !== 'no-loss' ? ['--budget', formatBudget(budget)] : []),
    ...(trials !== undefined ? ['--trials', String(trials)] : []),
  ]
}

/** A name that begins with a dash would be read as a flag. */
function path(name: string): string {
  return name.startsWith('-') ? `./${name}` : name
}

function flag(name: string, value: string): string[] {
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value]
}
