import type { StoredResult } from '../../workers/store-api'
import { bytes, db, ms, percent, signed, whole } from '../numbers'
import { recipeName } from '../result/verdict'
import { t } from '../text'

export interface Fact {
  readonly label: string
  readonly a: string
  readonly b: string
  readonly isDifferent: boolean
}

/** What two results have to say, fact by fact, in the page's language. */
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
  const accuracy = quality.task?.accuracy
  const first = speed[0]
  const saved = input.sizeBytes > 0 ? 1 - output.sizeBytes / input.sizeBytes : 0
  const values: readonly [string, string][] = [
    [facts.input, input.name],
    [facts.method, output.isOriginal ? t.history.kept : recipeName(recipe)],
    [facts.size, bytes(output.sizeBytes)],
    [facts.saved, percent(saved)],
    [facts.gzip, output.gzipBytes === undefined ? none : bytes(output.gzipBytes)],
    [facts.quality, db(quality.sqnrDb)],
    [facts.accuracy, accuracy ? t.history.accuracy(percent(accuracy.before), percent(accuracy.after)) : none],
    [facts.interval, quality.task ? intervalOf(quality.task.metric, quality.task.ci95) : none],
    [facts.agreement, quality.top1Agreement === undefined ? none : percent(quality.top1Agreement)],
    [facts.speed, first ? `${ms(first.beforeMs)} → ${ms(first.afterMs)}` : none],
    [facts.measured, measuredOn(quality)],
    [facts.seed, whole(recipe.seed)],
    [facts.sha256, output.sha256],
  ]
  return values.map(([label, value]) => ({ label, value }))
}

/** The interval is the drop's; people read the change of the metric itself. */
function intervalOf(metric: 'accuracy' | 'nll', [low, high]: readonly [number, number]): string {
  const [from, to] =
    metric === 'accuracy' ? [signed(-high * 100, 1), signed(-low * 100, 1)] : [signed(low, 3), signed(high, 3)]
  return `${from} … ${to}`
}

function measuredOn({ data, samples }: StoredResult['report']['quality']): string {
  if (data === 'weights-only') return t.compare.weightsOnly
  return data === 'user' ? t.compare.user(whole(samples)) : t.compare.synthetic(whole(samples))
}
