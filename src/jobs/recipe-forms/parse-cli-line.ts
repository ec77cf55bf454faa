import { UsageError } from '../../core/errors'
import { parseBudget } from '../budget'
import type { Recipe } from '../recipe'
import type { CliFiles } from './cli-line'
import { recipeOfMethods } from './recipe-of-methods'
import { shellWords } from './shell-words'

/** What a `plume compress` command says. */
export interface CliCommand extends Partial<CliFiles> {
  /** Value of `--recipe`: a file or a link, which only the caller can read. */
  readonly recipe?: string
  /** What its `--method` flags mean; null without any. */
  readonly methods: Recipe | null
  readonly seed: number
}

const SHORT: Readonly<Record<string, string>> = { '-o': '--output', '-h': '--help' }
/** Flags that take a value; those that say nothing about the recipe are read over. */
const WITH_VALUE = new Set(
  '--output --method --seed --test --calibrate --target --preprocess --state --recipe --budget --trials --calibration-memory --max-run --save-recipe --report --backend --share-with'.split(
    ' ',
  ),
)
const SWITCHES = new Set('--no-tidy --force --json --quiet --share --help'.split(' '))

/** Whether a text is meant to be a command of ours. */
export function isCliLine(text: string): boolean {
  return /^\s*([$>%]\s+|PS [^>\n]*>\s*)?((npx|node|pnpm|yarn|bunx)\s[^\n]*?)?(\S*[/\\])?plume(\.mjs|\.cmd)?(@\S+)?\s+[a-z]/.test(
    text,
  )
}

/** @throws UsageError in plain words */
export function parseCliLine(text: string): CliCommand {
  const words = shellWords(text.replace(/^\s*([$>%]\s+|PS [^>\n]*>\s*)/, ''))
  const program = words.findIndex((word) => /^(.*[/\\])?plume(\.mjs|\.cmd)?(@.*)?$/.test(word))
  if (program < 0) throw new UsageError('This is no plume command: expected "npx plume compress MODEL -o OUT …".')
  if (words[program + 1] !== 'compress') {
    throw new UsageError(
      `Only plume compress has a recipe, not "plume ${words[program + 1] ?? ''}". Paste a plume compress command.`,
    )
  }
  const { files, values, switches } = parseWords(words.slice(program + 2))
  const one = (name: string) => values.get(name)?.at(-1)
  const seed = seedOf(one('--seed'))
  const methods = values.get('--method') ?? []
  const isTidyOff = switches.has('--no-tidy')
  const recipe = one('--recipe')
  if (recipe !== undefined && (methods.length > 0 || isTidyOff)) {
    throw new UsageError(
      'The command has --recipe and --method: a recipe names all its methods. Leave one of them out.',
    )
  }
  const [input] = files
  const output = one('--output')
  const test = one('--test')
  const [preprocess, target] = [one('--preprocess'), one('--target')]
  const state = values.get('--state')
  const calibrate = one('--calibrate')
  const isAutomatic = recipe === undefined && methods.length === 0
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(test !== undefined && { test }),
    ...(calibrate !== undefined && { calibrate }),
    ...searchOf(one('--budget'), one('--trials'), isAutomatic),
    ...(target !== undefined && { target }),
    ...(preprocess !== undefined && { preprocess }),
    ...(state && { state }),
    ...(recipe !== undefined && { recipe }),
    methods: methods.length > 0 ? recipeOfMethods(methods, { seed, isTidyOff }) : null,
    seed,
  }
}

function searchOf(budget: string | undefined, trials: string | undefined, isAutomatic: boolean) {
  if (!isAutomatic && (budget ?? trials) !== undefined) {
    throw new UsageError(
      `The command has --${budget !== undefined ? 'budget' : 'trials'}, which is for the automatic choice, and says itself what is done. Leave one of them out.`,
    )
  }
  if (trials !== undefined && !/^[1-9]\d{0,5}$/.test(trials)) {
    throw new UsageError(`--trials takes a whole number from 1 on, not "${trials}".`)
  }
  return {
    ...(budget !== undefined && { budget: parseBudget(budget) }),
    ...(trials !== undefined && { trials: Number(trials) }),
  }
}

function parseWords(words: readonly string[]) {
  const files: string[] = []
  const values = new Map<string, string[]>()
  const switches = new Set<string>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === '--') {
      files.push(...words.slice(at + 1))
      break
    }
    if (!/^-./.test(word)) {
      files.push(word)
      continue
    }
    const [, given = word, attached] = /^(--[^=]+)=(.*)$/s.exec(word) ?? /^(-[a-z])(.+)$/s.exec(word) ?? []
    const name = SHORT[given] ?? given
    if (SWITCHES.has(name) && attached === undefined) switches.add(name)
    else if (WITH_VALUE.has(name)) {
      const value = attached ?? words[++at]
      if (value === undefined) throw new UsageError(`${given} at the end of the command lacks its value.`)
      values.set(name, [...(values.get(name) ?? []), value])
    } else throw new UsageError(`plume compress has no flag ${given}. See plume compress --help.`)
  }
  return { files, values, switches }
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return 0
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= 0xffffffff) return seed
  throw new UsageError(`--seed takes a whole number from 0 to ${0xffffffff}, not "${text}".`)
}
