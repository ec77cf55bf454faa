/**
 * What exported JavaScript modules compute with, beside their WebAssembly kernels: functions as they stand here are copied
 * into a module that calls them. Addresses count floats of `memory`; every value, whatever its type in the model, is a
 * float there.
 */
export let memory = new Float32Array()
export let kernels = {}

export function base64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

export function half(bits) {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const sign = bits & 32768 ? -1 : 1
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24)
}

/** To the nearest whole number, ties to even. */
export function round(x) {
  const down = Math.floor(x)
  const rest = x - down
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1
}

/** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!! (DLMF 7.6.2) */
export function erf(x) {
  if (!(Math.abs(x) <= 6)) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-9 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1)
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** A block: for every index below `sizes` the element at Σ index·from goes to Σ index·to. */
export function copy(x, y, sizes, from, to, axis = 0) {
  if (axis >= sizes.length) memory[y] = memory[x]
  else for (let i = 0; i < sizes[axis]; i++) copy(x + i * from[axis], y + i * to[axis], sizes, from, to, axis + 1)
}

/** The other way round: x [rows, columns]. */
export function turn(x, y, rows, columns) {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) memory[y + j * rows + i] = memory[x + i * columns + j]
}

/** y[o, i] = what `combine` makes of the elements of x [outer, size, inner], from `start` on. */
export function reduce(x, y, [outer, size, inner], start, combine, finish = (sum) => sum) {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      let sum = start
      for (let k = 0; k < size; k++) sum = combine(sum, memory[x + (o * size + k) * inner + i])
      memory[y + o * inner + i] = finish(sum)
    }
}

/** Where the best element of x [outer, size, inner] stands; the first of equals, or the last. */
export function best(x, y, [outer, size, inner], sign, last) {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      let at = 0
      let found = -Infinity
      for (let k = 0; k < size; k++) {
        const value = sign * memory[x + (o * size + k) * inner + i]
        if (value > found || (last && value === found)) [at, found] = [k, value]
      }
      memory[y + o * inner + i] = at
    }
}

export function softmax(x, y, [outer, size, inner], isLog) {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const at = o * size * inner + i
      const end = at + size * inner
      let top = -Infinity
      let sum = 0
      for (let k = at; k < end; k += inner) top = Math.max(top, memory[x + k])
      for (let k = at; k < end; k += inner) sum += Math.exp(memory[x + k] - top)
      for (let k = at; k < end; k += inner) {
        const score = memory[x + k] - top
        memory[y + k] = isLog ? score - Math.log(sum) : Math.exp(score) / sum
      }
    }
}

/** Rows to mean 0 (unless `isRms`) and variance 1, then · scale + bias; their index is given by `place`. */
export function normalize(x, y, rows, size, epsilon, isRms, scale, bias, place) {
  for (let r = 0; r < rows; r++) {
    const at = x + r * size
    let mean = 0
    let square = 0
    for (let i = 0; i < size && !isRms; i++) mean += memory[at + i] / size
    for (let i = 0; i < size; i++) square += (memory[at + i] - mean) ** 2 / size
    for (let i = 0; i < size; i++) {
      const normal = (memory[at + i] - mean) / Math.sqrt(square + epsilon)
      const k = place(r, i)
      memory[y + r * size + i] = normal * (scale < 0 ? 1 : memory[scale + k]) + (bias < 0 ? 0 : memory[bias + k])
    }
  }
}

/** A convolution over pictures [batch, groups · each, height, width]; `seen` has room for what the kernels see. */
export function convolve(x, w, bias, y, seen, sizes, windows, low = -Infinity, high = Infinity) {
  const [batch, groups, each, outputs] = sizes
  const [input, output, kernel, ...more] = windows
  const [places, taps] = [output[0] * output[1], each * kernel[0] * kernel[1]]
  for (let g = 0; g < batch * groups; g++) {
    const group = g % groups
    const from = x + g * each * input[0] * input[1]
    if (seen >= 0) kernels.unfold(from, seen, each, ...input, ...kernel, ...more.flat(), ...output)
    const weight = w + group * outputs * taps
    const shift = bias < 0 ? 0 : bias + group * outputs
    const target = y + g * outputs * places
    kernels.gemm(
      target,
      weight,
      taps,
      1,
      seen < 0 ? from : seen,
      shift,
      +(bias >= 0),
      0,
      outputs,
      places,
      taps,
      low,
      high,
    )
  }
}

/** The largest, or the mean, of every window of x [planes, height, width]. */
export function pool(x, y, planes, [input, output, kernel, strides, dilations, pads, ends], isMax, countsPadding) {
  const [height, width] = input
  for (let p = 0; p < planes; p++)
    for (let i = 0; i < output[0]; i++)
      for (let j = 0; j < output[1]; j++, y++) {
        let [sum, count] = [isMax ? -Infinity : 0, 0]
        for (let v = 0; v < kernel[0]; v++)
          for (let u = 0; u < kernel[1]; u++) {
            const row = i * strides[0] + v * dilations[0] - pads[0]
            const column = j * strides[1] + u * dilations[1] - pads[1]
            const isInside = row >= 0 && row < height && column >= 0 && column < width
            if (isInside || (countsPadding && row < height + ends[0] && column < width + ends[1])) count++
            if (!isInside) continue
            const value = memory[x + (p * height + row) * width + column]
            sum = isMax ? Math.max(sum, value) : sum + value
          }
        memory[y] = isMax ? sum : sum / count
      }
}

/** y[o, i, …] = x[o, indices[i], …]; negative indices count from the end. */
export function gather(x, indices, y, [outer, size, inner], count) {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < count; i++) {
      const index = memory[indices + i]
      if (!(index >= -size && index < size)) throw new Error(`The index ${index} is outside of ${size} entries.`)
      const from = x + (o * size + (index < 0 ? index + size : index)) * inner
      memory.copyWithin(y + (o * count + i) * inner, from, from + inner)
    }
}

/** y[o, d, i] = values[1] where the index x[o, i] is d or d − size, else values[0]. */
export function oneHot(x, values, y, [outer, size, inner]) {
  for (let o = 0; o < outer; o++)
    for (let d = 0; d < size; d++)
      for (let i = 0; i < inner; i++) {
        const index = Math.trunc(memory[x + o * inner + i])
        memory[y + (o * size + d) * inner + i] = memory[values + +(index === d || index === d - size)]
      }
}

/** x / scale + zero point, rounded and cut to [low, high]: x [outer, channels, inner]; `zero` may be −1 for none. */
export function quantize(x, scale, zero, y, [outer, channels, inner], low, high) {
  for (let i = 0; i < outer * channels * inner; i++) {
    const c = Math.floor(i / inner) % channels
    const level = round(Math.fround(memory[x + i] / memory[scale + c])) + (zero < 0 ? 0 : memory[zero + c])
    memory[y + i] = Number.isNaN(level) ? 0 : Math.min(high, Math.max(low, level))
  }
}

/** (x − zero point) · scale: x [outer, channels, inner], one scale for `block` neighbouring channels. */
export function dequantize(x, scale, zero, y, [outer, channels, inner], block) {
  const blocks = Math.ceil(channels / block)
  for (let i = 0; i < outer * channels * inner; i++) {
    const c = Math.floor(i / inner) % channels
    const o = Math.floor(i / inner / channels)
    const at = block === 1 ? c : (o * blocks + Math.floor(c / block)) * inner + (i % inner)
    memory[y + i] = (memory[x + i] - (zero < 0 ? 0 : memory[zero + at])) * memory[scale + at]
  }
}

/** y [m, n] = a · b + bias, cut to [low, high]: see `gemm` of the kernels. */
export function multiply(y, a, aRow, aColumn, b, bias, biasRow, biasColumn, m, n, k, low = -Infinity, high = Infinity) {
  kernels.gemm(y, a, aRow, aColumn, b, bias, biasRow, biasColumn, m, n, k, low, high)
}

/** What a row has in a column of numbers; nothing is NaN, which models with missing values fill in. */
export function numberIn(value, row, column) {
  if (value === undefined || value === null || value === '') return NaN
  const number = Number(value)
  if (Number.isNaN(number) && !Number.isNaN(value)) {
    throw new TypeError(`Row ${row}: ${JSON.stringify(value)} in the column ${column} is not a number.`)
  }
  return number
}

/**
 * Columns: name, address, floats from one row to the next, and whether it holds texts, which are numbers here. What a model
 * has not met is −1.
 */
export function writeRow(row, index, place, columns, texts) {
  if (typeof row !== 'object' || row === null) throw new TypeError(`Row ${index} is no list and no object.`)
  columns.forEach(([name, at, step, isText], c) => {
    const value = Array.isArray(row) ? row[c] : row[name]
    memory[at + place * step] = isText ? (texts.get(String(value ?? '')) ?? -1) : numberIn(value, index, name)
  })
}

/** Inputs: name, address, floats of one sample. A model with one input takes its numbers as the row. */
export function writeArrays(row, index, place, inputs) {
  for (const [name, at, width] of inputs) {
    const values = inputs.length === 1 && row?.length !== undefined ? row : row?.[name]
    if (values?.length !== width) {
      throw new TypeError(`Sample ${index}: ${name} should be ${width} numbers and has ${values?.length ?? 'none'}.`)
    }
    memory.set(values, at + place * width)
  }
}

/** Of scores of all classes, or of one score for the second of two. */
export function probabilitiesOf(scores, areProbabilities) {
  if (scores.length === 1) {
    const second = areProbabilities ? scores[0] : 1 / (1 + Math.exp(-scores[0]))
    return [1 - second, second]
  }
  if (areProbabilities) return scores
  const top = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}
