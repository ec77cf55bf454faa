/** What of a model the engine can compute, told from its nodes alone: no weight is read. */
import { bodies, cloneModel, type Model } from '../graph/model'
import { LAST_OPSET, liftOpset } from '../graph/opset'
import { findOperator } from '../ops'
import { findComposed } from '../ops/composed'
import type { OwnOperators } from './normalize'

export interface Coverage {
  /** Whether nothing in the graph stands in the way of running it. */
  readonly isComplete: boolean
  /** Why the model cannot be lifted to the opset that the engine computes with; absent where it can. */
  readonly blockedBy?: string
  /** Operators that the engine does not have, most frequent first. */
  readonly missing: readonly Lack[]
  /** Operators that no machine has kernels for, with the reason: the host computes them. */
  readonly onHost: readonly (Lack & { readonly why: string })[]
}

export interface Lack {
  /** With its domain, unless that is ONNX's own: 'com.microsoft::MatMulNBits'. */
  readonly operator: string
  readonly count: number
}

/**
 * @param own operators that stand in no list, by the types of their nodes
 * @throws AbortError
 */
export async function coverageOf(
  model: Model,
  signal?: AbortSignal,
  own: OwnOperators = new Map<string, never>(),
): Promise<Coverage> {
  const copy = cloneModel(model)
  const { blockedBy } = await liftOpset(copy, LAST_OPSET, { isForEngine: true, ...(signal && { signal }) })
  const missing = new Counter()
  const onHost = new Counter()
  const reasons = new Map<string, string>()
  const defined = new Set(copy.functions.map(({ domain, name }) => `${domain}:${name}`))
  for (const body of bodies(copy)) {
    for (const { domain, opType } of body.nodes) {
      if (defined.has(`${domain}:${opType}`) || own.has(opType) || findComposed(domain, opType)) continue
      const name = domain === '' || domain === 'ai.onnx' ? opType : `${domain}::${opType}`
      const operator = findOperator(domain, opType)
      if (!operator) missing.add(name)
      else if ('onHost' in operator.lower) {
        onHost.add(name)
        reasons.set(name, operator.lower.onHost)
      }
    }
  }
  const [blocked] = blockedBy
  const why =
    blocked && `${blocked.node} (${blocked.opType}) cannot be lifted to opset ${blocked.opset}: ${blocked.why}`
  return {
    isComplete: !why && missing.isEmpty,
    ...(why && { blockedBy: why }),
    missing: missing.rows,
    onHost: onHost.rows.map((row) => ({ ...row, why: reasons.get(row.operator) ?? '' })),
  }
}

class Counter {
  readonly #counts = new Map<string, number>()

  add(operator: string): void {
    this.#counts.set(operator, (this.#counts.get(operator) ?? 0) + 1)
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }

  get rows(): Lack[] {
    return [...this.#counts]
      .map(([operator, count]) => ({ operator, count }))
      .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1))
  }
}
