import { methodMetas } from '../../methods'
import type { Recipe } from '../../jobs/recipe'
import type { StoredResult } from '../../workers/store-api'
import { bytes, db, fixed, ms, percent, signed, whole } from '../numbers'
import { recipeName } from '../result/verdict'
import { methodText, optionText, t } from '../text'
import { pairSteps } from './diff'

export interface Fact {
  readonly label: string
  readonly a: string
  readonly b: string
  readonly isDifferent: boolean
}

/** What two results have to say, fact by fact, in the page's language; what neither of them has is left out. */
export function factsOf(a: StoredResult, b: StoredResult): Fact[] {
  const [ofA, ofB] = [wordsOf(a), wordsOf(b)]
  return ofA.flatMap(({ label, value }, index) => {
    const other = ofB[index]?.value ?? t.compare.none
    const isEmpty = value === t.compare.none && other === t.compare.none
    return isEmpty ? [] : [{ label, a: value, b: other, isDifferent: value !== other }]
  })
}

function wordsOf(result: StoredResult): { label: string; value: string }[] {
  const { facts, none } = t.compare
  const { report, recipe, input, output } = result
  const { quality, speed } = report
  const { task } = quality
  const accuracy = task?.accuracy ?? (task?.metric === 'accuracy' ? task : undefined)
  const loss = task?.nll ?? (task?.metric === 'nll' ? task : undefined)
  const first = speed[0]
  const saved = input.sizeBytes > 0 ? 1 - output.sizeBytes / input.sizeBytes : 0
  const values: readonly [string, string][] = [
    [facts.input, input.name],
    [facts.method, output.isOriginal ? t.history.kept : recipeName(recipe)],
    [facts.size, bytes(output.sizeBytes)],
    [facts.saved, percent(saved)],
    [facts.gzip, output.gzipBytes === undefined ? none : bytes(output.gzipBytes)],
    [facts.accuracy, accuracy ? fromTo(percent(accuracy.before), percent(accuracy.after)) : none],
    [facts.loss, loss ? fromTo(fixed(loss.before, 3), fixed(loss.after, 3)) : none],
    [facts.interval, task ? intervalOf(task.metric, task.ci95) : none],
    [facts.quality, quality.data === 'weights-only' ? t.result.notMeasured : db(quality.sqnrDb)],
    [facts.agreement, quality.top1Agreement === undefined ? none : percent(quality.top1Agreement)],
    [facts.measured, measuredOn(quality)],
    [facts.speed, first ? fromTo(ms(first.beforeMs), ms(first.afterMs)) : none],
    [facts.seed, whole(recipe.seed)],
    [facts.sha256, output.sha256],
  ]
  return values.map(([label, value]) => ({ label, value }))
}

const fromTo = (before: string, after: string) => `${before} → ${after}`

/** The interval is the drop's; people read the change of the metric itself. */
function intervalOf(metric: 'accuracy' | 'nll', [low, high]: readonly [number, number]): string {
  return metric === 'accuracy'
    ? t.compare.pointsBetween(signed(-high * 100, 1), signed(-low * 100, 1))
    : t.compare.between(signed(low, 3), signed(high, 3))
}

function measuredOn({ data, samples }: StoredResult['report']['quality']): string {
  if (data === 'weights-only') return t.compare.weightsOnly
  return data === 'user' ? t.compare.user(samples, whole(samples)) : t.compare.synthetic(samples, whole(samples))
}

/** The steps of both recipes: of a step that both have, only the options that differ. */
export function stepFacts(a: Recipe, b: Recipe): Fact[] {
  return pairSteps(a.steps, b.steps).map(({ method, a: one, b: two, different }) => {
    const meta = methodMetas.find(({ id }) => id === method)
    const words = (options: typeof one) => {
      if (!options) return t.compare.stepMissing
      if (one && two && different.length === 0) return t.compare.stepSame
      // of a step that the other does not have, what is as always says nothing
      const names = one && two ? different : different.filter((name) => options[name] !== meta?.options[name]?.default)
      return names.map((name) => optionWords(method, name, options[name])).join('\n') || t.compare.stepPlain
    }
    const isDifferent = !one || !two || different.length > 0
    return { label: meta ? methodText(meta).label : method, a: words(one), b: words(two), isDifferent }
  })
}

/** An option of a method and its value, in the words of the form. */
export function optionWords(method: string, name: string, value: unknown): string {
  const given = methodMetas.find(({ id }) => id === method)?.options[name]
  const { spec, valueNames } = given ? optionText(method, name, given) : { spec: null, valueNames: {} }
  return t.compare.option(spec?.label ?? name, valueWords(value, valueNames))
}

function valueWords(value: unknown, names: Readonly<Record<string, string>>): string {
  if (typeof value === 'number') return whole(value)
  if (typeof value === 'boolean') return value ? t.settings.yes : t.settings.no
  const text = typeof value === 'string' ? value : ''
  return text === '' ? t.compare.none : (names[text] ?? text)
}
