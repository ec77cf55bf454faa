import type { KernelCall } from '../../backends/kernel-calls'
import type { KnownDType } from '../../core/dtypes'

/** Why a node runs on the host, as `explain` says it: in the terminal, in English. */
export const REASONS = {
  runsGraphs: 'it runs a graph of its own, depending on values',
  shapeDepends: 'the shape of its result depends on values',
  noType: (dtype: KnownDType) => `the machine has no ${dtype}`,
  nothing: 'there is nothing to compute',
  noKernel: 'no kernel for these types or shapes',
  empty: 'no kernel for empty inputs',
  refused: (kernel: KernelCall['kernel']) => `the machine has no such kernel: ${kernel}`,
  rounds: 'it rounds to a type without kernels',
}
