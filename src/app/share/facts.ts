import { methodMetas } from '../../methods'
import type { Shared, SharedResult } from '../../jobs/share/shared'
import { optionWords } from '../history/facts'
import { bytes, db, fixed, list, ms, percent, signed, significant, whole } from '../numbers'
import { methodText, t } from '../text'

export interface SharedFact {
  readonly label: string
  readonly value: string
  /** A hash: shown in the type of machines. */
  readonly isCode?: boolean
}

type Row = readonly [label: string, value: string | null, isCode?: boolean]

/**
 * Everything a link tells, in words: the preview of the sender and the card of the receiver are made of it. The table of
 * layers stands beside it.
 */
export function factsOf(shared: Shared): SharedFact[] {
  const { facts } = t.share
  const { recipe, app, name, device, result } = shared
  const rows: Row[] = [
    [facts.name, name ?? null],
    ...(result ? resultRows(result) : []),
    [facts.device, device ?? null],
    [facts.recipe, recipeWords(recipe)],
    [facts.seed, whole(recipe.seed)],
    ...dataRows(recipe),
    [facts.withheld, withheldWords(shared)],
    [facts.app, recipe.app !== undefined && recipe.app !== app ? t.share.madeBy(app, recipe.app) : app],
    ...(result ? hashRows(result) : []),
  ]
  return rows.flatMap(([label, value, isCode = false]) => (value ? [{ label, value, isCode }] : []))
}

function resultRows(result: SharedResult): Row[] {
  const { facts } = t.share
  const { input, output, quality, speed, layers, layersTotal } = result
  const { data, samples, preprocess, sqnrDb, cosine, top1Agreement, task, providers } = quality
  const isMeasured = data !== 'weights-only'
  return [
    [facts.input, `${bytes(input.sizeBytes)}, ${input.format.toUpperCase()}`],
    [facts.output, output.isOriginal ? t.share.kept : `${bytes(output.sizeBytes)}, ${output.format.toUpperCase()}`],
    [facts.gzip, gzipWords(input.gzipBytes, output.gzipBytes)],
    ...(task ? taskRows(task) : []),
    [facts.outputs, isMeasured ? db(sqnrDb) : t.result.weightsOnly(db(sqnrDb))],
    [facts.cosine, cosine === null ? null : significant(cosine, 5)],
    [facts.agreement, top1Agreement === undefined ? null : percent(top1Agreement)],
    [facts.measured, measuredOn(data, samples)],
    [facts.preprocess, preprocess ?? null],
    ...speed.map(({ provider, beforeMs, afterMs }): Row => [
      facts.speed,
      `${ms(beforeMs)} → ${ms(afterMs)} (${provider})`,
    ]),
    ...providers.map(({ name, ok, maxAbsError, cosine: likeness }): Row => {
      const error = maxAbsError === null ? '–' : significant(maxAbsError, 2)
      return [
        t.share.provider(name),
        t.share.providerWords(ok, error, likeness === null ? '–' : significant(likeness, 5)),
      ]
    }),
    [facts.layers, layersTotal > 0 ? t.share.layersOf(whole(layers.length), whole(layersTotal)) : null],
  ]
}

function taskRows({
  metric,
  before,
  after,
  drop,
  ci95: [low, high],
}: NonNullable<SharedResult['quality']['task']>): Row[] {
  const { facts } = t.share
  if (metric === 'accuracy') {
    const change = t.result.points(signed(-drop * 100, 1), drop * 100)
    return [
      [facts.accuracy, `${percent(before)} → ${percent(after)} (${change})`],
      [facts.interval, t.compare.pointsBetween(signed(-high * 100, 1), signed(-low * 100, 1))],
    ]
  }
  const change = t.result.nats(signed(drop, 3), drop)
  return [
    [t.compare.facts.loss, `${fixed(before, 3)} → ${fixed(after, 3)} (${change})`],
    [facts.interval, t.compare.between(signed(low, 3), signed(high, 3))],
  ]
}

function hashRows({ input, output }: SharedResult): Row[] {
  const { facts } = t.share
  return [
    [facts.inputSha256, input.sha256, true],
    [facts.outputSha256, output.sha256, true],
  ]
}

function gzipWords(before: number | undefined, after: number | undefined): string | null {
  if (before === undefined && after === undefined) return null
  return [before, after].map((size) => (size === undefined ? '–' : bytes(size))).join(' → ')
}

function measuredOn(data: 'user' | 'synthetic' | 'weights-only', samples: number): string {
  if (data === 'weights-only') return t.compare.weightsOnly
  return data === 'user'
    ? t.share.measuredByUser(samples, whole(samples))
    : t.compare.synthetic(samples, whole(samples))
}

/** Steps in order, each with the options that are not at their default. */
function recipeWords({ steps }: Shared['recipe']): string {
  const words = steps.map(({ method, options }) => {
    const meta = methodMetas.find(({ id }) => id === method)
    const changed = Object.entries(options).filter(([name, value]) => meta?.options[name]?.default !== value)
    const label = meta ? methodText(meta).label : method
    if (changed.length === 0) return label
    return t.share.step(label, list(changed.map(([name, value]) => optionWords(method, name, value))))
  })
  return words.join(' → ') || t.share.noSteps
}

/** Names of data are never in a link; their hashes are. */
function dataRows({ data = [] }: Shared['recipe']): Row[] {
  return data.flatMap(({ role, sha256, samples, preprocess, state }): Row[] => [
    [t.share.dataRoles[role], `${t.share.samples(samples, whole(samples))}${preprocess ? `, ${preprocess}` : ''}`],
    [t.share.facts.state, state ? state.join(', ') : null],
    [t.share.facts.dataSha256, sha256, true],
  ])
}

/** What the recipe lacks: 'steps.1.options.exclude' → the label of that option. */
function withheldWords({ withheld, recipe }: Shared): string | null {
  const words = withheld.map((path) => {
    const [kind, index, last, option = ''] = path.split('.')
    if (kind === 'data') return last === 'state' ? t.share.facts.state : t.share.facts.preprocess
    const method = recipe.steps[Number(index)]?.method ?? ''
    const meta = methodMetas.find(({ id }) => id === method)
    const label = meta ? methodText(meta).label : method
    return last === 'ranges' ? t.share.withheldRanges(label) : t.share.withheldOption(label, option)
  })
  return words.length > 0 ? list(words) : null
}
