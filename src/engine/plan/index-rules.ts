import type { KernelCall } from '../../backends/kernel-calls'

/** The rule that an index broke which a kernel found outside: in the words of the operator's reference. */
export function indexRule(call: KernelCall, index: number, size: number): string {
  switch (call.kernel) {
    case 'insert':
      return `${call.length} entries written at ${index} do not fit ${size}`
    case 'reverse':
      return `the length ${index} must lie in [0, ${size}]`
    case 'pick':
      return `the label ${index} must lie in [0, ${size - 1}]`
    case 'recurrent':
      return `the sequence length ${index} must lie in [0, ${call.steps}]`
    default:
      return `the index ${index} must lie in [${-size}, ${size - 1}]`
  }
}
