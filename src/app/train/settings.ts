import type { DataPreview } from '../../jobs/train/preview'
import type { TrainSettings } from '../../jobs/train/request'
import { whole } from '../numbers'
import { t } from '../text'

export type ModelChoice = 'automatic' | 'linear' | 'own' | `suggested-${string}`

const MAX_WIDTH = 4096
const MAX_LAYERS = 8

/** "64, 32" → [64, 32]; null where it is no list of widths. */
export function readWidths(text: string): number[] | null {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '')
  const widths = parts.map(Number)
  const isFine = widths.every((width) => Number.isInteger(width) && width >= 1 && width <= MAX_WIDTH)
  return isFine && widths.length > 0 && widths.length <= MAX_LAYERS ? widths : null
}

export const widthsText = (layers: readonly number[]) => layers.join(', ')

/** Names of models as people read them: "Network 64-32". */
export function modelName(kind: string, layers: readonly number[]): string {
  const { linear, network, cnn, imported } = t.train.model
  const widths = layers.join('-')
  if (kind === 'cnn') return cnn(widths)
  if (kind === 'imported') return imported
  return layers.length === 0 ? linear : network(widths)
}

/** Which of the offered models the settings ask for. */
export function choiceOf({ layers }: TrainSettings, { suggestions, kind }: DataPreview): ModelChoice {
  if (!layers) return 'automatic'
  if (layers.length === 0 && kind === 'table') return 'linear'
  const text = widthsText(layers)
  return suggestions.some((one) => widthsText(one) === text) ? `suggested-${text}` : 'own'
}

/** A column without a name is called by its number. */
export const columnLabel = (name: string) => (/^\d+$/.test(name) ? t.train.columns.unnamed(name) : name)

type Key = keyof TrainSettings

/** The settings with one of them changed; undefined takes it out, which makes it automatic. */
export function withSetting<K extends Key>(settings: TrainSettings, key: K, value: TrainSettings[K] | undefined) {
  const { [key]: _old, ...rest } = settings
  return (value === undefined ? rest : { ...rest, [key]: value }) as TrainSettings
}

/** Another target: what was asked of it as a column, and the task of the one before, no longer hold. */
export function withTarget(settings: TrainSettings, target: string): TrainSettings {
  const { [target]: _role, ...roles } = settings.roles ?? {}
  return withSetting(withSetting({ ...settings, target }, 'task', undefined), 'roles', orNone(roles))
}

export function withRole(settings: TrainSettings, column: string, role: 'number' | 'category' | 'ignored') {
  return { ...settings, roles: { ...settings.roles, [column]: role } }
}

const orNone = (roles: NonNullable<TrainSettings['roles']>) => (Object.keys(roles).length > 0 ? roles : undefined)

/** Whether the data have to be looked at again for these settings. */
export function changesPlan(before: TrainSettings, after: TrainSettings): boolean {
  const plan = ({ target, roles, task }: TrainSettings) => JSON.stringify([target, roles, task])
  return plan(before) !== plan(after)
}

const DEFAULT_SHARE = 0.15

/** How many samples train, choose and prove, about. */
export function splitWords({ testShare, validationShare }: TrainSettings, samples: number): string {
  const test = Math.round(samples * (testShare ?? DEFAULT_SHARE))
  const validation = Math.round(samples * (validationShare ?? DEFAULT_SHARE))
  return t.train.split(whole(samples - test - validation), whole(validation), whole(test))
}
