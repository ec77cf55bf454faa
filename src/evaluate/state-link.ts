import { UsageError } from '../core/errors'
import type { StateLink } from './data'

/** Reads `OUTPUT=INPUT`, as flags, forms and recipes write a carried state. @throws UsageError */
export function parseState(text: string): StateLink {
  const [output, input, ...rest] = text.split('=')
  if (output && input && rest.length === 0) return { output, input }
  throw new UsageError(`--state takes OUTPUT=INPUT, e.g. stateN=state, not "${text}".`)
}

export const formatState = ({ output, input }: StateLink): string => `${output}=${input}`
