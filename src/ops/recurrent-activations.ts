/** Activation functions that LSTM, GRU and RNN name in their `activations` attribute. */
type Function = (x: number) => number

interface Kind {
  /** Defaults; undefined where the function has no such parameter. */
  readonly alpha?: number
  readonly beta?: number
  make(alpha: number, beta: number): Function
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const KINDS: Readonly<Record<string, Kind>> = {
  relu: { make: () => (x) => Math.max(0, x) },
  tanh: { make: () => Math.tanh },
  sigmoid: { make: () => sigmoid },
  affine: { alpha: 1, beta: 0, make: (alpha, beta) => (x) => alpha * x + beta },
  leakyrelu: { alpha: 0.01, make: (alpha) => (x) => (x >= 0 ? x : alpha * x) },
  thresholdedrelu: { alpha: 1, make: (alpha) => (x) => (x > alpha ? x : 0) },
  scaledtanh: { alpha: 1, beta: 1, make: (alpha, beta) => (x) => alpha * Math.tanh(beta * x) },
  hardsigmoid: { alpha: 0.2, beta: 0.5, make: (alpha, beta) => (x) => Math.min(Math.max(alpha * x + beta, 0), 1) },
  elu: { alpha: 1, make: (alpha) => (x) => (x >= 0 ? x : alpha * Math.expm1(x)) },
  softsign: { make: () => (x) => x / (1 + Math.abs(x)) },
  softplus: { make: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
}

export const isActivation = (name: string): boolean => Object.hasOwn(KINDS, name.toLowerCase())

/**
 * The functions of all directions. Those that have an alpha (a beta) take the next of the list each; when it is used up, their default.
 * @param names known ones, see `isActivation`
 */
export function makeActivations(
  names: readonly string[],
  alphas: readonly number[],
  betas: readonly number[],
): Function[] {
  let [usedAlphas, usedBetas] = [0, 0]
  return names.map((name) => {
    const { alpha, beta, make } = KINDS[name.toLowerCase()]!
    const own = alpha === undefined ? 0 : (alphas[usedAlphas++] ?? alpha)
    const shift = beta === undefined ? 0 : (betas[usedBetas++] ?? beta)
    return make(own, shift)
  })
}
