import { seeded } from './random.mjs'

/**
 * A small convolutional network with hand-written gradients, in plain f64 loops:
 * conv 3×3 → ReLU → max-pool → conv 3×3 → ReLU → max-pool → dense → ReLU → dense.
 * The loss is the multi-class squared hinge, which needs no exponential (see random.mjs).
 */

/** f64 weights with uniform He initialisation. */
function weights(count, fanIn, random) {
  const limit = Math.sqrt(6 / fanIn)
  return Float64Array.from({ length: count }, () => random.between(-limit, limit))
}

const parameter = (value) => ({
  value,
  gradient: new Float64Array(value.length),
  velocity: new Float64Array(value.length),
})

/** weight: [outputs, inputs, 3, 3]; pictures: [inputs, size, size]; padding 1. */
function conv(inputs, outputs, size, random) {
  const weight = parameter(weights(outputs * inputs * 9, inputs * 9, random))
  const bias = parameter(new Float64Array(outputs))
  let input
  const walk = (visit) => {
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++)
        for (let ky = -1; ky <= 1; ky++)
          for (let kx = -1; kx <= 1; kx++) {
            const at = (o * inputs + i) * 9 + (ky + 1) * 3 + kx + 1
            for (let y = Math.max(0, -ky); y < Math.min(size, size - ky); y++)
              visit(
                at,
                (o * size + y) * size,
                (i * size + y + ky) * size + kx,
                Math.max(0, -kx),
                Math.min(size, size - kx),
              )
          }
  }
  return {
    parameters: [weight, bias],
    forward(x) {
      input = x
      const out = new Float64Array(outputs * size * size)
      for (let o = 0; o < outputs; o++) out.fill(bias.value[o], o * size * size, (o + 1) * size * size)
      walk((at, to, from, start, end) => {
        const w = weight.value[at]
        for (let c = start; c < end; c++) out[to + c] += w * x[from + c]
      })
      return out
    },
    backward(dy) {
      const dx = new Float64Array(input.length)
      for (let i = 0; i < dy.length; i++) bias.gradient[Math.floor(i / (size * size))] += dy[i]
      walk((at, to, from, start, end) => {
        const w = weight.value[at]
        let sum = 0
        for (let c = start; c < end; c++) {
          sum += dy[to + c] * input[from + c]
          dx[from + c] += dy[to + c] * w
        }
        weight.gradient[at] += sum
      })
      return dx
    },
  }
}

function dense(inputs, outputs, random) {
  const weight = parameter(weights(outputs * inputs, inputs, random))
  const bias = parameter(new Float64Array(outputs))
  let input
  return {
    parameters: [weight, bias],
    forward(x) {
      input = x
      const out = Float64Array.from(bias.value)
      for (let o = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) out[o] += weight.value[o * inputs + i] * x[i]
      return out
    },
    backward(dy) {
      const dx = new Float64Array(inputs)
      for (let o = 0; o < outputs; o++) {
        bias.gradient[o] += dy[o]
        for (let i = 0; i < inputs; i++) {
          weight.gradient[o * inputs + i] += dy[o] * input[i]
          dx[i] += dy[o] * weight.value[o * inputs + i]
        }
      }
      return dx
    },
  }
}

function relu() {
  let isOn
  return {
    parameters: [],
    forward(x) {
      isOn = x.map((v) => (v > 0 ? 1 : 0))
      return x.map((v, i) => v * isOn[i])
    },
    backward: (dy) => dy.map((v, i) => v * isOn[i]),
  }
}

/** Largest of each 2×2 block; `size` is the input's. */
function maxPool(channels, size) {
  const half = size / 2
  const from = new Int32Array(channels * half * half)
  return {
    parameters: [],
    forward(x) {
      const out = new Float64Array(from.length)
      for (let c = 0, to = 0; c < channels; c++)
        for (let y = 0; y < half; y++)
          for (let u = 0; u < half; u++, to++) {
            let best = (c * size + y * 2) * size + u * 2
            for (const at of [best + 1, best + size, best + size + 1]) if (x[at] > x[best]) best = at
            from[to] = best
            out[to] = x[best]
          }
      return out
    },
    backward(dy) {
      const dx = new Float64Array(channels * size * size)
      for (let i = 0; i < dy.length; i++) dx[from[i]] += dy[i]
      return dx
    },
  }
}

export function makeNetwork({ size, channels, hidden, classes, seed }) {
  const random = seeded(seed)
  const [first, second] = channels
  const flat = second * (size / 4) ** 2
  const layers = [
    conv(1, first, size, random),
    relu(),
    maxPool(first, size),
    conv(first, second, size / 2, random),
    relu(),
    maxPool(second, size / 2),
    dense(flat, hidden, random),
    relu(),
    dense(hidden, classes, random),
  ]
  const parameters = layers.flatMap((layer) => layer.parameters)
  const scores = (x) => layers.reduce((value, layer) => layer.forward(value), x)

  /** Σ over wrong classes of max(0, 1 + s_wrong − s_right)²; its gradient by the scores. */
  const hinge = (s, label) => {
    const ds = new Float64Array(s.length)
    for (let k = 0; k < s.length; k++) {
      const margin = 1 + s[k] - s[label]
      if (k === label || margin <= 0) continue
      ds[k] += 2 * margin
      ds[label] -= 2 * margin
    }
    return ds
  }

  return {
    channels,
    hidden,
    flat,
    /** [conv1.weight, conv1.bias, conv2.weight, …] as f32. */
    weights: () => parameters.map((p) => Float32Array.from(p.value)),
    predict: (x) => {
      const s = scores(x)
      return s.indexOf(Math.max(...s))
    },
    /** One epoch of SGD with momentum over mini-batches, in a shuffled order. */
    trainEpoch({ pictures, labels }, { rate, momentum, batch, seed: orderSeed }) {
      const order = pictures.map((_, i) => i)
      const shuffle = seeded(orderSeed)
      for (let i = order.length - 1; i > 0; i--) {
        const j = shuffle.below(i + 1)
        ;[order[i], order[j]] = [order[j], order[i]]
      }
      for (let start = 0; start < order.length; start += batch) {
        for (const p of parameters) p.gradient.fill(0)
        const members = order.slice(start, start + batch)
        for (const i of members) {
          let gradient = hinge(scores(pictures[i]), labels[i])
          for (let l = layers.length - 1; l >= 0; l--) gradient = layers[l].backward(gradient)
        }
        for (const p of parameters)
          for (let i = 0; i < p.value.length; i++) {
            p.velocity[i] = momentum * p.velocity[i] - (rate / members.length) * p.gradient[i]
            p.value[i] += p.velocity[i]
          }
      }
    },
  }
}
