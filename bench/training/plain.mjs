/** Steps of training in plain JavaScript on typed arrays: no library, no SIMD, nothing allocated in a step. */
import { adamScalars } from './problem.mjs'

class Adam {
  constructor(parameters) {
    this.parameters = parameters
    this.gradients = parameters.map(({ length }) => new Float32Array(length))
    this.first = parameters.map(({ length }) => new Float32Array(length))
    this.second = parameters.map(({ length }) => new Float32Array(length))
    this.steps = 0
  }

  step() {
    const [size, scale] = adamScalars(++this.steps)
    this.parameters.forEach((p, k) => {
      const [g, m, v] = [this.gradients[k], this.first[k], this.second[k]]
      for (let i = 0; i < p.length; i++) {
        const x = g[i]
        m[i] = 0.9 * m[i] + 0.1 * x
        v[i] = 0.999 * v[i] + 0.001 * x * x
        p[i] -= (size * m[i]) / (Math.sqrt(v[i]) * scale + 1e-8)
      }
    })
  }
}

/** c[m][n] = a[m][k] · b[k][n] + bias */
function product(m, n, k, a, b, bias, c) {
  for (let i = 0; i < m; i++) {
    const row = i * n
    for (let j = 0; j < n; j++) c[row + j] = bias ? bias[j] : 0
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p]
      const from = p * n
      for (let j = 0; j < n; j++) c[row + j] += x * b[from + j]
    }
  }
}

/** c[m][n] = aᵀ · b, a [k][m], b [k][n] */
function productOfTurned(m, n, k, a, b, c) {
  c.fill(0)
  for (let p = 0; p < k; p++) {
    for (let i = 0; i < m; i++) {
      const x = a[p * m + i]
      if (x === 0) continue
      for (let j = 0; j < n; j++) c[i * n + j] += x * b[p * n + j]
    }
  }
}

/** c[m][n] = a[m][k] · bᵀ, b [n][k] */
function productWithTurned(m, n, k, a, b, c) {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let p = 0; p < k; p++) sum += a[i * k + p] * b[j * k + p]
      c[i * n + j] = sum
    }
  }
}

function columnSums(rows, columns, a, sums) {
  sums.fill(0)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) sums[j] += a[i * columns + j]
}

function relu(values) {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0
}

function mask(slopes, values) {
  for (let i = 0; i < slopes.length; i++) if (values[i] <= 0) slopes[i] = 0
}

function mlp({ batch, samples, targets, parameters }) {
  const [w1, b1, w2, b2, w3, b3] = parameters.map(({ values }) => values)
  const adam = new Adam([w1, b1, w2, b2, w3, b3])
  const [g1, gb1, g2, gb2, g3, gb3] = adam.gradients
  const floats = (size) => new Float32Array(batch * size)
  const [h1, h2, z, dz, d2, d1] = [floats(64), floats(32), floats(1), floats(1), floats(32), floats(64)]
  return () => {
    product(batch, 64, 30, samples, w1, b1, h1)
    relu(h1)
    product(batch, 32, 64, h1, w2, b2, h2)
    relu(h2)
    product(batch, 1, 32, h2, w3, b3, z)
    let loss = 0
    for (let i = 0; i < batch; i++) {
      loss += Math.max(z[i], 0) - z[i] * targets[i] + Math.log1p(Math.exp(-Math.abs(z[i])))
      dz[i] = (1 / (1 + Math.exp(-z[i])) - targets[i]) / batch
    }
    productOfTurned(32, 1, batch, h2, dz, g3)
    columnSums(batch, 1, dz, gb3)
    productWithTurned(batch, 32, 1, dz, w3, d2)
    mask(d2, h2)
    productOfTurned(64, 32, batch, h1, d2, g2)
    columnSums(batch, 32, d2, gb2)
    productWithTurned(batch, 64, 32, d2, w2, d1)
    mask(d1, h1)
    productOfTurned(30, 64, batch, samples, d1, g1)
    columnSums(batch, 64, d1, gb1)
    adam.step()
    return loss / batch
  }
}

/** Patches of 3 × 3 of pictures [batch][size][size][channels], with a border of zeros. */
function patches(x, batch, size, channels, out) {
  let to = 0
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < size; y++) {
      for (let column = 0; column < size; column++) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const [row, at] = [y + dy, column + dx]
            const isInside = row >= 0 && row < size && at >= 0 && at < size
            let from = ((n * size + row) * size + at) * channels
            for (let c = 0; c < channels; c++) out[to++] = isInside ? x[from++] : 0
          }
        }
      }
    }
  }
}

/** The other way: patches are added up. */
function folded(columns, batch, size, channels, x) {
  x.fill(0)
  let from = 0
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < size; y++) {
      for (let column = 0; column < size; column++) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const [row, at] = [y + dy, column + dx]
            if (row < 0 || row >= size || at < 0 || at >= size) {
              from += channels
              continue
            }
            let to = ((n * size + row) * size + at) * channels
            for (let c = 0; c < channels; c++) x[to++] += columns[from++]
          }
        }
      }
    }
  }
}

/** The largest of 2 × 2, and where it stood. */
function pooled(x, batch, size, channels, y, places) {
  const half = size / 2
  let to = 0
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < half; row++) {
      for (let column = 0; column < half; column++) {
        for (let c = 0; c < channels; c++) {
          const first = ((n * size + 2 * row) * size + 2 * column) * channels + c
          let best = first
          const below = first + size * channels
          if (x[first + channels] > x[best]) best = first + channels
          if (x[below] > x[best]) best = below
          if (x[below + channels] > x[best]) best = below + channels
          y[to] = x[best]
          places[to++] = best
        }
      }
    }
  }
}

function unpooled(dy, places, x, dx) {
  dx.fill(0)
  for (let i = 0; i < dy.length; i++) if (x[places[i]] > 0) dx[places[i]] += dy[i]
}

/** [to][from][3][3] → [3][3][from][to] */
function turnedKernel({ shape: [to, from], values }) {
  const made = new Float32Array(values.length)
  for (let o = 0; o < to; o++) {
    for (let c = 0; c < from; c++) {
      for (let tap = 0; tap < 9; tap++) made[(tap * from + c) * to + o] = values[(o * from + c) * 9 + tap]
    }
  }
  return made
}

/** Rows [channel][row][column] → [row][column][channel] */
function turnedRows({ values }, channels, area, columns) {
  const made = new Float32Array(values.length)
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < area; p++) {
      for (let j = 0; j < columns; j++) made[(p * channels + c) * columns + j] = values[(c * area + p) * columns + j]
    }
  }
  return made
}

/** Mean loss of classes; `scores` become slopes. */
function classLoss(scores, targets, batch, classes) {
  let loss = 0
  for (let i = 0; i < batch; i++) {
    const at = i * classes
    let [most, sum] = [-Infinity, 0]
    for (let j = 0; j < classes; j++) most = Math.max(most, scores[at + j])
    for (let j = 0; j < classes; j++) sum += Math.exp(scores[at + j] - most)
    loss += Math.log(sum) + most - scores[at + targets[i]]
    for (let j = 0; j < classes; j++) {
      scores[at + j] = (Math.exp(scores[at + j] - most) / sum - (j === targets[i] ? 1 : 0)) / batch
    }
  }
  return loss / batch
}

function cnn({ batch, samples, targets, parameters }) {
  const [k1, b1, k2, b2, rows, b3] = parameters
  const weights = [turnedKernel(k1), b1.values, turnedKernel(k2), b2.values, turnedRows(rows, 32, 49, 10), b3.values]
  const adam = new Adam(weights)
  const [w1, bias1, w2, bias2, w3, bias3] = weights
  const [g1, gb1, g2, gb2, g3, gb3] = adam.gradients
  const floats = (size) => new Float32Array(batch * size)
  const [c1, z1, p1, c2, z2, p2] = [784 * 9, 784 * 16, 196 * 16, 196 * 144, 196 * 32, 49 * 32].map(floats)
  const [scores, dp2, dz2, dc2, dp1, dz1] = [10, 1568, 196 * 32, 196 * 144, 196 * 16, 784 * 16].map(floats)
  const [places1, places2] = [new Int32Array(p1.length), new Int32Array(p2.length)]
  return () => {
    patches(samples, batch, 28, 1, c1)
    product(batch * 784, 16, 9, c1, w1, bias1, z1)
    relu(z1)
    pooled(z1, batch, 28, 16, p1, places1)
    patches(p1, batch, 14, 16, c2)
    product(batch * 196, 32, 144, c2, w2, bias2, z2)
    relu(z2)
    pooled(z2, batch, 14, 32, p2, places2)
    product(batch, 10, 1568, p2, w3, bias3, scores)
    const loss = classLoss(scores, targets, batch, 10)
    productOfTurned(1568, 10, batch, p2, scores, g3)
    columnSums(batch, 10, scores, gb3)
    productWithTurned(batch, 1568, 10, scores, w3, dp2)
    unpooled(dp2, places2, z2, dz2)
    productOfTurned(144, 32, batch * 196, c2, dz2, g2)
    columnSums(batch * 196, 32, dz2, gb2)
    productWithTurned(batch * 196, 144, 32, dz2, w2, dc2)
    folded(dc2, batch, 14, 16, dp1)
    unpooled(dp1, places1, z1, dz1)
    productOfTurned(9, 16, batch * 784, c1, dz1, g1)
    columnSums(batch * 784, 16, dz1, gb1)
    adam.step()
    return loss
  }
}

/** @returns a step that gives the loss before it */
export const plainStep = (problem) => ({ mlp, cnn })[problem.network](problem)
