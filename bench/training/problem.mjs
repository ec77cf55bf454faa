/** What every contestant trains: the same samples, targets and first weights, made from numbers that all can make. */

/** Uniform numbers in [−1, 1): a linear congruential generator with modulus 2³², multiplier and increment of Knuth's. */
function uniform(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2147483648 - 1
  }
}

const filled = (size, seed, scale) => {
  const next = uniform(seed)
  return Float32Array.from({ length: size }, () => next() * scale)
}

/** Weights of products are [from, to], those of convolutions [to, from, 3, 3]; [name, shape, spread of the first weights]. */
const NETWORKS = {
  mlp: {
    sample: [30],
    parameters: [
      ['first.w', [30, 64], 0.18],
      ['first.b', [64], 0],
      ['second.w', [64, 32], 0.125],
      ['second.b', [32], 0],
      ['last.w', [32, 1], 0.18],
      ['last.b', [1], 0],
    ],
    targets: (batch) => Float32Array.from({ length: batch }, (_, i) => ((i * 7) % 3 === 0 ? 1 : 0)),
  },
  cnn: {
    sample: [1, 28, 28],
    parameters: [
      ['first.w', [16, 1, 3, 3], 0.33],
      ['first.b', [16], 0],
      ['second.w', [32, 16, 3, 3], 0.083],
      ['second.b', [32], 0],
      ['last.w', [1568, 10], 0.025],
      ['last.b', [10], 0],
    ],
    targets: (batch) => Int32Array.from({ length: batch }, (_, i) => i % 10),
  },
}

const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1)

/** @param {'mlp' | 'cnn'} network */
export function problemOf(network, batch) {
  const { sample, parameters, targets } = NETWORKS[network]
  return {
    network,
    batch,
    sample,
    samples: filled(batch * sizeOf(sample), 1, 1),
    targets: targets(batch),
    parameters: parameters.map(([name, shape, scale], i) => ({
      name,
      shape,
      values: filled(sizeOf(shape), i + 2, scale),
    })),
  }
}

export const RATE = 1e-3

/** What Adam's step `step` (from 1 on) multiplies with: the rate by the first moment, the root of the second. */
export const adamScalars = (step) => [RATE / (1 - 0.9 ** step), 1 / Math.sqrt(1 - 0.999 ** step)]
