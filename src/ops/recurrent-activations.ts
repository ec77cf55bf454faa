/** Activation functions that LSTM, GRU and RNN name in their `activations` attribute. */
type Function = (x: number) => number

interface Kind {
  /** Defaults; undefined where the function has no such parameter. */
  readonly alpha?: number
  readonly beta?: number
  make(alpha: number, beta: number): Function
  /** Its derivative, a function of x as well. */
  slope(alpha: number, beta: number): Function
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const KINDS: Readonly<Record<string, Kind>> = {
  relu: { make: () => (x) => Math.max(0, x), slope: () => (x) => Number(x > 0) },
  tanh: { make: () => Math.tanh, slope: () => (x) => 1 - Math.tanh(x) ** 2 },
  sigmoid: { make: () => sigmoid, slope: () => (x) => sigmoid(x) * sigmoid(-x) },
  affine: { alpha: 1, beta: 0, make: (alpha, beta) => (x) => alpha * x + beta, slope: (alpha) => () => alpha },
  leakyrelu: {
    alpha: 0.01,
    make: (alpha) => (x) => (x >= 0 ? x : alpha * x),
    slope: (alpha) => (x) => (x >= 0 ? 1 : alpha),
  },
  thresholdedrelu: {
    alpha: 1,
    make: (alpha) => (x) => (x > alpha ? x : 0),
    slope: (alpha) => (x) => Number(x > alpha),
  },
  scaledtanh: {
    ...{ alpha: 1, beta: 1 },
    make: (alpha, beta) => (x) => alpha * Math.tanh(beta * x),
    slope: (alpha, beta) => (x) => alpha * beta * (1 - Math.tanh(beta * x) ** 2),
  },
  hardsigmoid: {
    ...{ alpha: 0.2, beta: 0.5 },
    make: (alpha, beta) => (x) => Math.min(Math.max(alpha * x + beta, 0), 1),
    slope: (alpha, beta) => (x) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0),
  },
  elu: {
    alpha: 1,
    make: (alpha) => (x) => (x >= 0 ? x : alpha * Math.expm1(x)),
    slope: (alpha) => (x) => (x >= 0 ? 1 : alpha * Math.exp(x)),
  },
  softsign: { make: () => (x) => x / (1 + Math.abs(x)), slope: () => (x) => 1 / (1 + Math.abs(x)) ** 2 },
  softplus: { make: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: () => sigmoid },
}

export const isActivation = (name: string): boolean => Object.hasOwn(KINDS, name.toLowerCase())

/** An activation with its numbers: those that it has. */
export interface NamedActivation {
  readonly name: string
  readonly alpha?: number
  readonly beta?: number
}

/**
 * The activations of all directions. Those that have an alpha (a beta) take the next of the list each; when it is used up, their default.
 * @param names known ones, see `isActivation`
 */
export function nameActivations(
  names: readonly string[],
  alphas: readonly number[],
  betas: readonly number[],
): NamedActivation[] {
  let [usedAlphas, usedBetas] = [0, 0]
  return names.map((name) => {
    const { alpha, beta } = KINDS[name.toLowerCase()]!
    return {
      name,
      ...(alpha !== undefined && { alpha: alphas[usedAlphas++] ?? alpha }),
      ...(beta !== undefined && { beta: betas[usedBetas++] ?? beta }),
    }
  })
}

export const activationOf = ({ name, alpha = 0, beta = 0 }: NamedActivation): Function =>
  KINDS[name.toLowerCase()]!.make(alpha, beta)

/** The derivative of an activation. */
export const slopeOf = ({ name, alpha = 0, beta = 0 }: NamedActivation): Function =>
  KINDS[name.toLowerCase()]!.slope(alpha, beta)

/** The functions of all directions. */
export const makeActivations = (...given: Parameters<typeof nameActivations>): Function[] =>
  nameActivations(...given).map(activationOf)
