// Family `recurrent`: one direction of an LSTM, GRU or RNN, all steps. The inputs' part of the gates is given; each step
// adds the state's part, a product with a matrix that stays in the cache, and applies the gates.
//
// args = [type (0 lstm, 1 gru, 2 rnn), gates, recurrent, recurrentBias, linearBeforeReset, initialHidden, initialCell,
// peephole, hidden, lastHidden, lastCell, steps, batch, size, isReverse]; addresses are 0 where there is nothing.
// Scratch: 7 rows of `size`, each padded to whole vectors.
import { dot, dot4 } from './gemm'
import { sigmoid4, tanh4 } from './math'
import { addressAt, fma, scratch, word } from './simd'

export function recurrent(args: usize): i32 {
  const type = word(args, 0)
  const gates = addressAt(args, 1)
  const hidden = addressAt(args, 8)
  const steps = word(args, 11)
  const batch = word(args, 12)
  const size = word(args, 13)
  const isReverse = word(args, 14) != 0
  const row: usize = <usize>((size + 3) & ~3) << 2
  const bytes: usize = <usize>size << 2
  const width = (type == 0 ? 4 : type == 1 ? 3 : 1) * size
  const h = scratch
  const c = scratch + row
  for (let b = 0; b < batch; b++) {
    memory.fill(scratch, 0, 7 * row)
    if (addressAt(args, 5) != 0) memory.copy(h, addressAt(args, 5) + <usize>b * bytes, bytes)
    if (addressAt(args, 6) != 0) memory.copy(c, addressAt(args, 6) + <usize>b * bytes, bytes)
    for (let i = 0; i < steps; i++) {
      const t = isReverse ? steps - 1 - i : i
      const given = gates + ((<usize>(t * batch + b) * width) << 2)
      if (type == 0) lstm(args, given, size, row)
      else if (type == 1) gru(args, given, size, row)
      else rnn(args, given, size, row)
      memory.copy(hidden + <usize>(t * batch + b) * bytes, h, bytes)
    }
    memory.copy(addressAt(args, 9) + <usize>b * bytes, h, bytes)
    if (addressAt(args, 10) != 0) memory.copy(addressAt(args, 10) + <usize>b * bytes, c, bytes)
  }
  return 0
}

/** to[j] = given[j] + Σ matrix[first + j][i] · state[i] */
function addState(given: usize, matrix: usize, first: i32, state: usize, size: i32, to: usize): void {
  let j = 0
  for (; j + 4 <= size; j += 4) {
    const products = dot4(state, matrix + (((first + j) * size) << 2), <usize>size << 2, size)
    v128.store(to + (j << 2), f32x4.add(v128.load(given + (j << 2)), products))
  }
  for (; j < size; j++) {
    const product = dot(matrix + (((first + j) * size) << 2), state, size)
    store<f32>(to + (j << 2), load<f32>(given + (j << 2)) + product)
  }
}

/** A peephole's row, padded with what its neighbour holds: lanes beyond `size` are never used. */
// @ts-ignore: decorator
@inline
function peep(peephole: usize, which: i32, size: i32, at: usize): v128 {
  return peephole == 0 ? f32x4.splat(0) : v128.load(peephole + ((which * size) << 2) + at)
}

/** i, o, f, c: C' = f·C + i·c, H = o·tanh(C'). ONNX LSTM. */
function lstm(args: usize, given: usize, size: i32, row: usize): void {
  const matrix = addressAt(args, 2)
  const peephole = addressAt(args, 7)
  const h = scratch
  const c = scratch + row
  const g = scratch + 2 * row
  for (let gate = 0; gate < 4; gate++) {
    addState(given + ((gate * size) << 2), matrix, gate * size, h, size, g + <usize>gate * row)
  }
  for (let at: usize = 0; at < row; at += 16) {
    const cell = v128.load(c + at)
    const input = sigmoid4(fma(peep(peephole, 0, size, at), cell, v128.load(g + at)))
    const forget = sigmoid4(fma(peep(peephole, 2, size, at), cell, v128.load(g + 2 * row + at)))
    const next = fma(forget, cell, f32x4.mul(input, tanh4(v128.load(g + 3 * row + at))))
    const output = sigmoid4(fma(peep(peephole, 1, size, at), next, v128.load(g + row + at)))
    v128.store(c + at, next)
    v128.store(h + at, f32x4.mul(output, tanh4(next)))
  }
}

/** z, r, h: H = (1 − z)·h + z·H. ONNX GRU. */
function gru(args: usize, given: usize, size: i32, row: usize): void {
  const matrix = addressAt(args, 2)
  const bias = addressAt(args, 3)
  const isLinearFirst = word(args, 4) != 0
  const h = scratch
  const zero = scratch + row
  const z = scratch + 2 * row
  const r = scratch + 3 * row
  const part = scratch + 4 * row
  const reset = scratch + 5 * row
  addState(given, matrix, 0, h, size, z)
  addState(given + (size << 2), matrix, size, h, size, r)
  for (let at: usize = 0; at < row; at += 16) {
    v128.store(z + at, sigmoid4(v128.load(z + at)))
    v128.store(r + at, sigmoid4(v128.load(r + at)))
    v128.store(reset + at, f32x4.mul(v128.load(r + at), v128.load(h + at)))
  }
  addState(bias == 0 ? zero : bias, matrix, 2 * size, isLinearFirst ? h : reset, size, part)
  const candidate = given + ((2 * size) << 2)
  for (let at: usize = 0; at < row; at += 16) {
    let sum = v128.load(part + at)
    if (isLinearFirst) sum = f32x4.mul(sum, v128.load(r + at))
    const next = tanh4(f32x4.add(v128.load(candidate + at), sum))
    const update = v128.load(z + at)
    const kept = f32x4.mul(update, v128.load(h + at))
    v128.store(h + at, fma(f32x4.sub(f32x4.splat(1), update), next, kept))
  }
}

/** H = tanh(gates + H·Rᵀ). ONNX RNN. */
function rnn(args: usize, given: usize, size: i32, row: usize): void {
  const h = scratch
  const sum = scratch + 2 * row
  addState(given, addressAt(args, 2), 0, h, size, sum)
  for (let at: usize = 0; at < row; at += 16) v128.store(h + at, tanh4(v128.load(sum + at)))
}
