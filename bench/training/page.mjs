/** Contestants in a page: each gives steps of the same training, of a library or of ours. */
import { adamScalars, problemOf } from './problem.mjs'
import { plainStep } from './plain.mjs'

/**
 * @typedef {{ run(count: number): Promise<number> | number }} Stepper steps so many times and gives the loss of the last
 * step, so that all of them are over
 */

export function plain() {
  return (problem) => {
    const step = plainStep(problem)
    return {
      run(count) {
        let loss = 0
        for (let i = 0; i < count; i++) loss = step()
        return loss
      },
    }
  }
}

/** Our engine: `module` is step-entry.ts, bundled. */
export function engine(wasm, module) {
  return async (problem) => {
    const training = await module.open(await module.openWasm(wasm), problem)
    return {
      async run(count) {
        for (let i = 0; i < count; i++) {
          const running = training.step()
          if (running) await running
        }
        return training.loss()
      },
    }
  }
}

/** The step written by hand; it knows one network. */
export function fused(wasm) {
  return async ({ network, batch, samples, targets, parameters }) => {
    if (network !== 'mlp') return undefined
    const { instance } = await WebAssembly.instantiate(wasm)
    const { memory, step, parameters: placeOf, samples: samplesAt, targets: targetsAt } = instance.exports
    const floats = (at, count) => new Float32Array(memory.buffer, at, count)
    let at = placeOf()
    for (const { values } of parameters) {
      floats(at, values.length).set(values)
      at += values.byteLength
    }
    floats(samplesAt(), samples.length).set(samples)
    floats(targetsAt(), batch).set(targets)
    let steps = 0
    return {
      run(count) {
        let loss = 0
        for (let i = 0; i < count; i++) loss = step(batch, ...adamScalars(++steps))
        return loss
      },
    }
  }
}

/** TensorFlow.js; its WASM backend has no gradient of convolutions' weights. */
export async function tensorflow(tf) {
  await tf.setBackend('wasm')
  await tf.ready()
  return ({ network, batch, samples, targets, parameters }) => {
    if (network !== 'mlp') return undefined
    const variables = parameters.map(({ shape, values }) => tf.variable(tf.tensor(values, shape)))
    const [x, y] = [tf.tensor2d(samples, [batch, 30]), tf.tensor2d(targets, [batch, 1])]
    const adam = tf.train.adam(1e-3)
    const predict = () =>
      [0, 1, 2].reduce((a, layer) => {
        const [b, bias] = variables.slice(2 * layer)
        return tf.fused.matMul({ a, b, bias, activation: layer < 2 ? 'relu' : 'linear' })
      }, x)
    const loss = () => tf.losses.sigmoidCrossEntropy(y, predict())
    return {
      async run(count) {
        for (let i = 1; i < count; i++) adam.minimize(loss, false, variables)
        const last = adam.minimize(loss, true, variables)
        await variables[0].data()
        const [value] = await last.data()
        last.dispose()
        return value
      },
    }
  }
}

/** jax-js: loss, gradient and Adam as one compiled function. */
export async function jax(library) {
  await library.init()
  library.defaultDevice('wasm')
  const { jit, numpy: np, valueAndGrad } = library
  return ({ network, samples, targets, batch, sample, parameters }) => {
    const arrays = parameters.map(({ shape, values }) => np.array(values).reshape(biasShape(network, shape)))
    const x = np.array(samples).reshape([batch, ...sample])
    const y = np.array(network === 'mlp' ? targets : oneHot(targets, 10)).reshape([batch, network === 'mlp' ? 1 : 10])
    const update = jit(adamStep(np, valueAndGrad(JAX_LOSSES[network](library))))
    const zeros = () => arrays.map(({ shape }) => np.zeros(shape))
    let state = [arrays, zeros(), zeros()]
    let steps = 0
    let loss
    return {
      async run(count) {
        for (let i = 0; i < count; i++) {
          const [size, scale] = adamScalars(++steps).map((number) => np.array(number))
          loss?.dispose()
          const [value, ...next] = update(...state, size, scale, x.ref, y.ref)
          loss = value
          state = next
        }
        await state[0][0].ref.data()
        return (await loss.ref.data())[0]
      },
    }
  }
}

/** A bias per channel of a picture. */
const biasShape = (network, shape) =>
  network === 'cnn' && shape.length === 1 && shape[0] > 10 ? [...shape, 1, 1] : shape

function oneHot(classes, count) {
  const made = new Float32Array(classes.length * count)
  classes.forEach((place, i) => (made[i * count + place] = 1))
  return made
}

const JAX_LOSSES = {
  mlp:
    ({ nn, numpy: np }) =>
    (p, x, y) => {
      let z = x
      for (let layer = 0; layer < 3; layer++) {
        z = np.add(np.matmul(z, p[2 * layer]), p[2 * layer + 1])
        if (layer < 2) z = nn.relu(z)
      }
      return np.mean(np.subtract(np.log(np.add(np.exp(z.ref), 1)), np.multiply(z, y)))
    },
  cnn:
    ({ lax, nn, numpy: np }) =>
    (p, x, y) => {
      const batch = x.shape[0]
      const layer = (h, w, b) => nn.relu(np.add(lax.conv(h, w, [1, 1], 'SAME'), b))
      const halved = (h, channels, size) => np.max(h.reshape([batch, channels, size / 2, 2, size / 2, 2]), [3, 5])
      const first = halved(layer(x, p[0], p[1]), 16, 28)
      const second = halved(layer(first, p[2], p[3]), 32, 14)
      const z = np.add(np.matmul(second.reshape([batch, 1568]), p[4]), p[5])
      return np.multiply(np.sum(np.multiply(nn.logSoftmax(z), y)), -1 / batch)
    },
}

/** Every array is used up where it is read, but for its `ref`s. */
const adamStep = (np, lossAndGradients) => (parameters, first, second, size, scale, x, y) => {
  const [loss, gradients] = lossAndGradients(
    parameters.map((one) => one.ref),
    x,
    y,
  )
  const [p, m, v] = [[], [], []]
  parameters.forEach((parameter, i) => {
    const mean = np.add(first[i].mul(0.9), gradients[i].ref.mul(0.1))
    const square = np.add(second[i].mul(0.999), np.square(gradients[i]).mul(0.001))
    const root = np.add(np.multiply(np.sqrt(square.ref), scale.ref), 1e-8)
    p.push(np.subtract(parameter, np.multiply(size.ref, mean.ref.div(root))))
    m.push(mean)
    v.push(square)
  })
  size.dispose?.()
  scale.dispose?.()
  return [loss, p, m, v]
}

/** @returns what the page answers with: the loss and the milliseconds of a step */
export function contestant(open) {
  const steppers = new Map()
  return {
    async prepare(network, batch) {
      const made = await open(problemOf(network, batch))
      if (!made) return false
      steppers.set(`${network} ${batch}`, made)
      return true
    },
    async run(network, batch, count) {
      const start = performance.now()
      const loss = await steppers.get(`${network} ${batch}`).run(count)
      return { loss, ms: (performance.now() - start) / count }
    },
  }
}
