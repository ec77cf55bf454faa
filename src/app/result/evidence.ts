import type { ClassResult, ProviderResult, Quality } from '../../evaluate/quality'
import type { Fix, Report } from '../../jobs/report'
import { bytes, ms, percent, signed, whole } from '../numbers'
import { t } from '../text'
import { points } from './sentences'

/** Our own engine's providers, by what computes. */
const MACHINES: ReadonlyMap<string, string> = new Map([
  ['plume-wasm', 'WebAssembly'],
  ['plume-webgpu', 'WebGPU'],
])

export function providerName(name: string): string {
  const machine = MACHINES.get(name)
  if (machine) return t.proof.ownName(machine)
  return name.includes('x86') ? t.proof.x86Name : t.proof.ortName(name)
}

export interface Judged {
  /** onnxruntime's providers by name; another than the judge counts where it agrees. */
  readonly judges: string
  /** Our own engine, where it ran the result and agrees; where it does not, a note says so. */
  readonly second: { readonly samples: number; readonly disagreement: number; readonly machine: string } | null
}

/** Who ran the result, for the line that says so. */
export function providersOf({ providers }: Quality): Judged {
  const isSimulated = (name: string) => name.includes('x86')
  const judges = providers.filter(
    ({ name, versus, ok }) => !MACHINES.has(name) && !isSimulated(name) && (!versus || ok),
  )
  const second = providers.find(({ name, versus, ok }) => MACHINES.has(name) && versus && ok)
  return {
    judges: judges.map(({ name }) => name).join(', '),
    second: second?.versus
      ? {
          samples: second.samples ?? 0,
          disagreement: second.versus.disagreement,
          machine: MACHINES.get(second.name) ?? '',
        }
      : null,
  }
}

export interface ProviderRow {
  readonly name: string
  readonly isOk: boolean
  /** Samples, agreement, accuracy, disagreement with the judge, saturated sums, speed; empty where it was not measured. */
  readonly cells: readonly string[]
}

export function providerRows({ quality, speed }: Pick<Report, 'quality' | 'speed'>): ProviderRow[] {
  return quality.providers.map((one) => {
    const timed = speed.find(({ provider }) => provider === one.name)
    return {
      name: providerName(one.name),
      isOk: one.ok,
      cells: [
        whole(one.samples ?? quality.samples),
        one.top1Agreement === undefined ? '' : percent(one.top1Agreement),
        one.accuracy === undefined ? '' : percent(one.accuracy),
        one.versus ? percent(one.versus.disagreement, 2) : '',
        saturation(one),
        timed ? `${ms(timed.beforeMs)} → ${ms(timed.afterMs)}` : '',
      ],
    }
  })
}

function saturation({ saturation }: ProviderResult): string {
  if (!saturation) return ''
  const { pairs, saturated } = saturation
  return saturated === 0 ? t.proof.none : t.proof.saturatedOf(whole(saturated), whole(pairs))
}

/** Layers whose sums leave 16 bits, the worst first. */
export function overflowingLayers({ providers }: Quality): string[] {
  return providers
    .flatMap(({ saturation }) => saturation?.layers ?? [])
    .filter(({ saturated }) => saturated > 0)
    .sort((a, b) => b.saturated / b.pairs - a.saturated / a.pairs)
    .map(({ node }) => node)
}

const SIGNIFICANT = 0.05

/** How sure the change is, in words; none where there are no labels. */
export function certaintyLines({ task }: Quality): string[] {
  const lines: string[] = []
  if (task?.bootstrap95) {
    const { interval, resamples } = task.bootstrap95
    // of the change, not of the drop: people read the metric's own direction
    const [low, high] = task.metric === 'accuracy' ? [-interval[1], -interval[0]] : interval
    lines.push(t.proof.bootstrap(changeOf(task.metric, low), changeWithUnit(task.metric, high), whole(resamples)))
  }
  if (task?.mcnemar) {
    const { lost, gained, p } = task.mcnemar
    const verdict = p < SIGNIFICANT ? t.proof.notChance : t.proof.byChance
    const chance = t.proof.chance(percent(p, p < 0.01 ? 2 : 0))
    lines.push(t.proof.mcnemar(lost, whole(lost), whole(gained)), `${chance} ${verdict}`)
  }
  return lines
}

const changeOf = (metric: 'accuracy' | 'nll', change: number) =>
  metric === 'accuracy' ? signed(change * 100, 1) : signed(change, 3)

function changeWithUnit(metric: 'accuracy' | 'nll', change: number): string {
  const value = changeOf(metric, change)
  return metric === 'accuracy' ? t.result.points(value, change * 100) : t.result.nats(value, change)
}

/** Below it, one answer more or less is a large share. */
const FEW = 10

export interface ClassRow {
  readonly class: string
  readonly samples: number
  readonly before: string
  readonly after: string
  readonly change: string
  readonly isLoss: boolean
  readonly isFew: boolean
}

/** The classes that lose most come first. */
export function classRows(classes: readonly ClassResult[]): ClassRow[] {
  const changeOfClass = ({ samples, before, after }: ClassResult) => (after - before) / Math.max(1, samples)
  return [...classes]
    .filter(({ samples }) => samples > 0)
    .sort((a, b) => changeOfClass(a) - changeOfClass(b) || a.class - b.class)
    .map((one) => ({
      class: String(one.class),
      samples: one.samples,
      before: percent(one.before / one.samples),
      after: percent(one.after / one.samples),
      change: signed(changeOfClass(one) * 100, 1),
      isLoss: one.after < one.before,
      isFew: one.samples < FEW,
    }))
}

/** What a fix costs and brings: "+40.0 kB, +1.3 points expected". */
export function fixEffects({ addedBytes, gain }: Pick<Fix, 'addedBytes' | 'gain'>): string {
  const sign = (value: number) => (value < 0 ? '−' : '+')
  const parts: string[] = []
  if (addedBytes !== undefined) parts.push(t.proof.fixCost(`${sign(addedBytes)}${bytes(Math.abs(addedBytes))}`))
  if (gain !== undefined) parts.push(t.proof.fixGain(`${sign(gain)}${points(gain)}`))
  return parts.join(', ')
}
