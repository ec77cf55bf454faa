import { formatDb, formatPercent } from '../../core/format-text'
import { mcnemarP } from '../../evaluate/certainty'
import type { ClassResult, Quality, TaskResult } from '../../evaluate/quality'
import type { Budget } from '../report'
import type { Reason } from './verdict'

const SIGNIFICANT = 0.05

/** A loss that is certain to be larger is too much; in points of accuracy as fractions. */
const TOO_MUCH = 0.02
/** Up to this much may be lost unnoticed, before somebody should look. */
const UNNOTICED = 0.02
/** The same of the mean NLL, in nats. */
const TOO_MUCH_NATS = 0.1
const UNNOTICED_NATS = 0.02

/** Without labels: share of answers that should be the original's. */
const MIN_AGREEMENT = 0.97
const LOW_AGREEMENT = 0.9
/** Without decisions. */
const MIN_SQNR_DB = 20

/** What was lost, and whether chance explains it. */
export function lossReasons(quality: Quality, budget: Budget | undefined): Reason[] {
  const allowed = budget?.kind === 'drop' ? budget.drop : 0
  if (quality.task)
    return [...taskReasons(quality.task, quality.samples, allowed), ...classReasons(quality.classes ?? [])]
  if (quality.top1Agreement !== undefined) return agreementReasons(quality, quality.top1Agreement, allowed)
  return fidelityReasons(quality)
}

function taskReasons(task: TaskResult, samples: number, allowed: number): Reason[] {
  const isAccuracy = task.metric === 'accuracy'
  const [low, high] = task.ci95
  const [tooMuch, unnoticed] = isAccuracy ? [TOO_MUCH, UNNOTICED] : [TOO_MUCH_NATS, UNNOTICED_NATS]
  const level =
    low > allowed + tooMuch ? 'not-recommended' : low > allowed || high > allowed + unnoticed ? 'check' : 'safe'
  if (!isAccuracy) {
    const nats = (value: number) => signed(value.toFixed(4))
    const text =
      low > 0
        ? `The loss (mean NLL) grows by ${nats(task.drop)} nats, more than chance explains (95% interval ${nats(low)} to ${nats(high)}).`
        : `The loss (mean NLL) changes by ${nats(task.drop)} nats (95% interval ${nats(low)} to ${nats(high)}).`
    return [{ level, text }]
  }
  const points = (value: number) => signed((100 * value).toFixed(1))
  const [before, after, from, to] = [formatPercent(task.before), formatPercent(task.after), points(low), points(high)]
  if (low > 0) {
    const text = `Accuracy falls by ${points(task.drop)} points, more than chance explains (${before} → ${after}; 95% interval of the loss ${from} to ${to} points).`
    return [{ level, text }]
  }
  if (level === 'safe') {
    const text = `No loss of accuracy beyond chance on ${samples} samples (${before} → ${after}; 95% interval of the loss ${from} to ${to} points).`
    return [{ level, text }]
  }
  const text = `Accuracy may have fallen by up to ${to} points: ${samples} samples cannot tell (${before} → ${after}).`
  return [{ level, text }]
}

/** Classes that lost more than chance explains, after as many tests as there are classes; the worst first, three at most. */
function classReasons(classes: readonly ClassResult[]): Reason[] {
  return classes
    .map((one) => ({ ...one, net: one.before - one.after }))
    .filter(({ net, lost = net }) => net > 0 && mcnemarP(lost, lost - net) * classes.length < SIGNIFICANT)
    .sort((a, b) => b.net / b.samples - a.net / a.samples)
    .slice(0, 3)
    .map(({ class: label, samples, before, after }) => ({
      level: 'check',
      text: `Class ${label} loses more than chance explains: ${before} of ${samples} answers were right, ${after} are.`,
    }))
}

function agreementReasons({ agreement95, samples, data }: Quality, agreement: number, allowed: number): Reason[] {
  const [low, high] = agreement95 ?? [agreement, agreement]
  const level =
    high < LOW_AGREEMENT - allowed ? 'not-recommended' : agreement < MIN_AGREEMENT - allowed ? 'check' : 'safe'
  const share = (value: number) => formatPercent(value)
  const text =
    data === 'user'
      ? `${share(agreement)} of the answers on ${samples} samples are the original's (95% interval ${share(low)} to ${share(high)}).`
      : `${share(agreement)} of the answers are the original's.`
  return [{ level, text }]
}

function fidelityReasons({ sqnrDb }: Quality): Reason[] {
  if (sqnrDb === null) return [{ level: 'safe', text: 'The outputs are identical.' }]
  const level = sqnrDb < MIN_SQNR_DB ? 'check' : 'safe'
  return [{ level, text: `The worst output is ${formatDb(sqnrDb)} above its error.` }]
}

/** With the sign that is as wide as a digit. */
const signed = (text: string): string => text.replace(/^-/, '−')
