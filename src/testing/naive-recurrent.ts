/** Recurrent layers, naively: see naive-kernels.ts. Not part of the product. */
import type { Operand, RecurrentCall } from '../backends/kernel-calls'
import { sigmoid } from './naive-kernels'

type FloatsOf = (operand: Operand) => Float32Array

/** One step for one batch entry: gates x·Wᵀ + b in, state changed in place. */
type Step = (gates: Float32Array, hidden: Float64Array, cell: Float64Array) => void

export function recurrent(
  call: RecurrentCall,
  floatsOf: FloatsOf,
  lengths: ArrayLike<number> | undefined,
  onFault: (length: number, steps: number) => never,
): void {
  const { steps, batch, size, isReverse, type } = call
  const gates = floatsOf(call.gates)
  const width = gates.length / (steps * batch)
  const step = { lstm, gru, rnn }[type](call, floatsOf)
  const hidden = floatsOf(call.hidden)
  for (let b = 0; b < batch; b++) {
    const initial = (operand: Operand | undefined) =>
      operand ? Float64Array.from(floatsOf(operand).subarray(b * size, (b + 1) * size)) : new Float64Array(size)
    const [state, cell] = [initial(call.initialHidden), initial(call.initialCell)]
    const length = lengths?.[b] ?? steps
    if (length < 0 || length > steps) onFault(length, steps)
    for (let t = length; t < steps; t++) hidden.fill(0, (t * batch + b) * size, (t * batch + b + 1) * size)
    if (length === 0) [state, cell].forEach((one) => one.fill(0))
    for (let i = 0; i < length; i++) {
      const t = isReverse ? length - 1 - i : i
      step(gates.subarray((t * batch + b) * width, (t * batch + b + 1) * width), state, cell)
      hidden.set(state, (t * batch + b) * size)
    }
    floatsOf(call.lastHidden).set(state, b * size)
    if (call.lastCell) floatsOf(call.lastCell).set(cell, b * size)
  }
}

/** Σ_i vector[i] · recurrent[row, i] */
const product = (matrix: Float32Array, row: number, vector: Float64Array): number =>
  vector.reduce((sum, value, i) => sum + value * (matrix[row * vector.length + i] as number), 0)

/** i, o, f, c: C' = f·C + i·c, H = o·tanh(C'). ONNX LSTM. */
function lstm(call: RecurrentCall, floatsOf: FloatsOf): Step {
  const { size } = call
  const matrix = floatsOf(call.recurrent)
  const peephole = call.peephole ? floatsOf(call.peephole) : new Float32Array(3 * size)
  return (gates, hidden, cell) => {
    const before = hidden.slice()
    const gate = (which: number, j: number) => gates[which * size + j]! + product(matrix, which * size + j, before)
    for (let j = 0; j < size; j++) {
      const input = sigmoid(gate(0, j) + peephole[j]! * cell[j]!)
      const forget = sigmoid(gate(2, j) + peephole[2 * size + j]! * cell[j]!)
      const next = forget * cell[j]! + input * Math.tanh(gate(3, j))
      cell[j] = next
      const output = sigmoid(gate(1, j) + peephole[size + j]! * next)
      hidden[j] = output * Math.tanh(next)
    }
  }
}

/** z, r, h: H = (1 − z)·h + z·H. ONNX GRU. */
function gru(call: RecurrentCall, floatsOf: FloatsOf): Step {
  const { size, linearBeforeReset } = call
  const matrix = floatsOf(call.recurrent)
  const bias = call.recurrentBias ? floatsOf(call.recurrentBias) : new Float32Array(size)
  return (gates, hidden) => {
    const before = hidden.slice()
    const gate = (which: number, j: number) =>
      sigmoid(gates[which * size + j]! + product(matrix, which * size + j, before))
    const reset = before.map((_, j) => gate(1, j))
    const resetState = before.map((value, j) => value * reset[j]!)
    for (let j = 0; j < size; j++) {
      const row = 2 * size + j
      const recurrentPart = linearBeforeReset
        ? reset[j]! * (product(matrix, row, before) + bias[j]!)
        : product(matrix, row, resetState) + bias[j]!
      const update = gate(0, j)
      hidden[j] = (1 - update) * Math.tanh(gates[row]! + recurrentPart) + update * before[j]!
    }
  }
}

/** H = tanh(gates + H·Rᵀ). ONNX RNN. */
function rnn(call: RecurrentCall, floatsOf: FloatsOf): Step {
  const matrix = floatsOf(call.recurrent)
  return (gates, hidden) => {
    const before = hidden.slice()
    for (let j = 0; j < hidden.length; j++) hidden[j] = Math.tanh(gates[j]! + product(matrix, j, before))
  }
}
