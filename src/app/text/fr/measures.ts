import type { Messages } from '../en'

export const measures: Messages['measures'] = {
  identical: 'identique',
  lessThanSecond: 'moins de 1\u00a0s',
  aboutSeconds: (seconds) => `environ ${seconds}\u00a0s`,
  aboutMinutes: (minutes) => `environ ${minutes}\u00a0min`,
}
