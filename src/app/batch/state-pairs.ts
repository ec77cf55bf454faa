import type { InspectReport, ValueRow } from '../../jobs/inspect'

/** An output that becomes an input of the next sample. */
export interface StatePair {
  readonly output: string
  readonly input: string
}

type Values = Pick<InspectReport, 'inputs' | 'outputs'>

/**
 * Whether an output can be handed on as an input: the same type and rank, and no two sizes that are known and differ.
 * A size with a name, or none, can be any.
 */
function fits(output: ValueRow, input: ValueRow): boolean {
  if (output.dtype !== input.dtype) return false
  if (!output.shape || !input.shape) return true
  const sizes = input.shape
  return (
    output.shape.length === sizes.length &&
    output.shape.every(
      (size, axis) => typeof size !== 'number' || typeof sizes[axis] !== 'number' || size === sizes[axis],
    )
  )
}

/** Outputs that fit some input, in the order of the model. */
export const stateOutputs = ({ outputs, inputs }: Values): readonly string[] =>
  outputs.filter((output) => inputs.some((input) => fits(output, input))).map(({ name }) => name)

export function stateInputs({ outputs, inputs }: Values, output: string): readonly string[] {
  const from = outputs.find(({ name }) => name === output)
  return from ? inputs.filter((input) => fits(from, input)).map(({ name }) => name) : []
}

/**
 * The pair that a model most likely means among those that are free: of names that share their first letters, `stateN`
 * and `state`, `h_out` and `h`. An input can be fed by one output only.
 */
export function suggestPair(values: Values, taken: readonly StatePair[]): StatePair | null {
  const free = stateOutputs(values)
    .filter((output) => !taken.some((pair) => pair.output === output))
    .flatMap((output) => stateInputs(values, output).map((input) => ({ output, input })))
    .filter(({ input }) => !taken.some((pair) => pair.input === input))
  const [best] = free.sort((a, b) => sharedStart(b) - sharedStart(a))
  return best ?? null
}

function sharedStart({ output, input }: StatePair): number {
  let length = 0
  while (length < output.length && output[length] === input[length]) length++
  return length
}

export const formatPair = ({ output, input }: StatePair): string => `${output}=${input}`

/** As it stands in `DataFiles.state`; null for what is no pair of two names. */
export function readPair(text: string): StatePair | null {
  const [output, input, ...rest] = text.split('=')
  return output && input && rest.length === 0 ? { output, input } : null
}
