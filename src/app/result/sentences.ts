import type { Quality, Speed, TaskResult } from '../../jobs/report'
import { db, fixed, ms, percent, relativeError, signed, whole } from '../numbers'
import { t } from '../text'

/** A difference of rates in percentage points, without sign: "1.3 points". */
export const points = (fraction: number) => t.result.points(fixed(Math.abs(fraction * 100), 1), fraction * 100)

/** A difference of losses without sign: "0.012 nats". */
export const lossText = (nats: number) => t.result.nats(fixed(Math.abs(nats), 3), nats)

/** What a card says about quality: the headline first, then how it was measured. */
export function qualityLines(quality: Quality): string[] {
  const { data, samples, task, sqnrDb, top1Agreement, outputs, preprocess } = quality
  if (data === 'weights-only') return [t.result.notMeasured, t.result.weightsOnly(db(sqnrDb))]
  const lines = task ? taskLines(task) : []
  lines.push(sqnrDb === null ? t.result.identical : t.result.outputsDiffer(relativeError(sqnrDb)))
  if (sqnrDb !== null) lines.push(t.result.worstOutput(db(sqnrDb)))
  if (top1Agreement !== undefined) lines.push(t.result.agreement(percent(top1Agreement)))
  const flips = outputs.reduce((sum, output) => sum + (output.decisionFlips ?? 0), 0)
  if (outputs.some(({ decisionFlips }) => decisionFlips !== undefined)) lines.push(t.result.flips(flips, whole(flips)))
  lines.push(t.result[data === 'user' ? 'measuredUser' : 'measuredSynthetic'](samples, whole(samples)))
  if (preprocess) lines.push(t.result.preprocess(preprocess))
  return lines
}

/** `drop` above zero is worse, and the interval is the drop's; people read the change of the metric itself. */
function taskLines({ metric, before, after, drop, ci95: [low, high] }: TaskResult): string[] {
  if (metric === 'accuracy') {
    const change = t.result.points(signed(-drop * 100, 1), drop * 100)
    const interval = t.result.interval(signed(-high * 100, 1), signed(-low * 100, 1))
    return [`${t.result.accuracy} ${percent(before)} → ${percent(after)}`, `${change}, ${interval}`]
  }
  const interval = t.result.interval(signed(low, 3), signed(high, 3))
  return [
    `${t.result.loss} ${fixed(before, 3)} → ${fixed(after, 3)}`,
    `${t.result.nats(signed(drop, 3), drop)}, ${interval}`,
  ]
}

/** Of each provider: before and after, how often it ran, how far it spreads. */
export const SPEED_LINES = 3

export function speedLines(speed: readonly Speed[]): string[] {
  if (speed.length === 0) return [t.result.notRun]
  return speed.flatMap(({ provider, threads = 1, beforeMs, afterMs, afterSpreadMs: [low, high], runs }) => [
    `${ms(beforeMs)} → ${ms(afterMs)}`,
    t.result.runs(whole(runs), provider, threads > 1 ? whole(threads) : null),
    t.result.spread(ms(low), ms(high)),
  ])
}
