import { namePatterns } from '../../core/name-patterns'
import type { UpdateInputs } from './optimizer'

/** Parameters that are treated alike, chosen by name. As the parameter groups of torch.optim. */
export interface ParameterGroup {
  /** Patterns, separated by spaces or commas; `*` stands for any text, `?` for one character. */
  readonly names: string
  readonly weightDecay?: number
  /** Multiplies the rate; default 1. */
  readonly rateScale?: number
}

export type GroupSettings = Pick<UpdateInputs, 'weightDecay' | 'rateScale'>

/**
 * What holds for a parameter: the first group that names it.
 * @param weightDecay of parameters without a group, and of groups that say none
 */
export function groupSettings(
  groups: readonly ParameterGroup[],
  weightDecay = 0,
): (parameter: string) => GroupSettings {
  const choices = groups.map(({ names, ...rest }) => ({ has: namePatterns(names), ...rest }))
  return (parameter) => {
    const group = choices.find(({ has }) => has(parameter))
    return { weightDecay: group?.weightDecay ?? weightDecay, rateScale: group?.rateScale ?? 1 }
  }
}
