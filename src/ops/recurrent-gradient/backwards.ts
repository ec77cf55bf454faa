/** One sequence of a recurrent layer, from its last step to its first, in double precision. */
import type { HostArray } from '../../core/host-array'

type Row = Float64Array
type Function = (x: number) => number

/** What all sequences share. */
export interface Unit {
  readonly kind: 'LSTM' | 'GRU' | 'RNN'
  readonly size: number
  readonly isCoupled: boolean
  readonly isLinearFirst: boolean
  /** Activations and their derivatives, of the argument before it is clipped. */
  readonly values: readonly Function[]
  readonly slopes: readonly Function[]
  /** [G·H, H] */
  readonly recurrent: ArrayLike<number>
  /** [3·H], order i o f. */
  readonly peephole: ArrayLike<number>
}

/** Rows by place, step · batch + entry. */
export interface Sequence {
  readonly b: number
  /** In the order in which they ran. */
  readonly places: readonly number[]
  gates(place: number): Row
  before(place: number): Row
  inner(place: number): Row
  slope(place: number): Row
  readonly firstCell: Row
  readonly lastHidden: Row
  readonly lastCell: Row
}

/** Gradients on the way back: of the hidden state and of the cell after a step, replaced by those before it. */
interface Flow {
  hidden: Row
  cell: Row
}

/** Of the arguments of the gates, of a GRU's inner part, of the first states and of the peepholes. */
export interface Gradients {
  readonly gates: HostArray
  readonly inner: HostArray
  readonly hidden: HostArray
  readonly cell: HostArray
  readonly peephole: HostArray
}

/** Adds one sequence's part. */
export function backwards(unit: Unit, sequence: Sequence, { gates, inner, hidden, cell, peephole }: Gradients): void {
  const { size } = unit
  const { places, b } = sequence
  if (places.length === 0) return
  const cells = unit.kind === 'LSTM' ? cellsOf(unit, sequence) : []
  const flow: Flow = { hidden: sequence.lastHidden, cell: sequence.lastCell }
  for (let done = places.length - 1; done >= 0; done--) {
    const place = places[done] as number
    const slope = sequence.slope(place)
    for (let i = 0; i < size; i++) flow.hidden[i]! += slope[i]!
    const step = {
      ...{ gates: sequence.gates(place), before: sequence.before(place), inner: sequence.inner(place) },
      cellBefore: cells[done - 1] ?? sequence.firstCell,
      cell: cells[done] ?? sequence.firstCell,
    }
    const found = STEPS[unit.kind](unit, step, flow)
    gates.values.set(found.gates as never, place * found.gates.length)
    if (found.inner) inner.values.set(found.inner as never, place * size)
    found.peephole?.forEach((value, i) => void ((peephole.values[i] as number) += value))
  }
  hidden.values.set(flow.hidden as never, b * size)
  cell.values.set(flow.cell as never, b * size)
}

interface Step {
  readonly gates: Row
  readonly before: Row
  readonly inner: Row
  readonly cellBefore: Row
  readonly cell: Row
}

interface StepGradients {
  readonly gates: Row
  readonly inner?: Row
  readonly peephole?: Row
}

/** Arguments of i and f with their peepholes, and n = g(…): see lstm-step.ts. */
function lstmGates({ size, values, peephole, isCoupled }: Unit, gates: Row, cellBefore: Row, i: number) {
  const [f, g] = values as [Function, Function]
  const inputAt = gates[i]! + peephole[i]! * cellBefore[i]!
  const forgetAt = gates[2 * size + i]! + peephole[2 * size + i]! * cellBefore[i]!
  const input = f(inputAt)
  return { inputAt, forgetAt, input, forget: isCoupled ? 1 - input : f(forgetAt), candidate: g(gates[3 * size + i]!) }
}

function cellsOf(unit: Unit, { places, gates, firstCell }: Sequence): Row[] {
  let cell = firstCell
  return places.map((place) => {
    const [row, before] = [gates(place), cell]
    cell = before.map((value, i) => {
      const { input, forget, candidate } = lstmGates(unit, row, before, i)
      return forget * value + input * candidate
    })
    return cell
  })
}

/** Σ dg[row] · R[row, h] over the rows of some gates. */
function throughRecurrent({ recurrent, size }: Unit, dGates: Row, first: number): Row {
  const out = new Float64Array(size)
  dGates.forEach((value, row) => {
    for (let h = 0; h < size; h++) out[h]! += value * (recurrent[(first + row) * size + h] as number)
  })
  return out
}

const STEPS: Record<Unit['kind'], (unit: Unit, step: Step, flow: Flow) => StepGradients> = {
  LSTM(unit, { gates, cellBefore, cell }, flow) {
    const { size, values, slopes, peephole, isCoupled } = unit
    const [f, , h] = values as [Function, Function, Function]
    const [df, dg, dh] = slopes as [Function, Function, Function]
    const [found, through, nextCell] = [new Float64Array(4 * size), new Float64Array(3 * size), new Float64Array(size)]
    for (let i = 0; i < size; i++) {
      const before = cellBefore[i]!
      const { inputAt, forgetAt, input, forget, candidate } = lstmGates(unit, gates, cellBefore, i)
      const outputAt = gates[size + i]! + peephole[size + i]! * cell[i]!
      const dOutput = flow.hidden[i]! * h(cell[i]!) * df(outputAt)
      const dCell = flow.cell[i]! + flow.hidden[i]! * f(outputAt) * dh(cell[i]!) + dOutput * peephole[size + i]!
      const dInput = dCell * (isCoupled ? candidate - before : candidate) * df(inputAt)
      const dForget = isCoupled ? 0 : dCell * before * df(forgetAt)
      const dCandidate = dCell * input * dg(gates[3 * size + i]!)
      ;[dInput, dOutput, dForget, dCandidate].forEach((value, gate) => void (found[gate * size + i] = value))
      ;[dInput * before, dOutput * cell[i]!, dForget * before].forEach(
        (value, k) => void (through[k * size + i] = value),
      )
      nextCell[i] = dCell * forget + dInput * peephole[i]! + dForget * peephole[2 * size + i]!
    }
    flow.cell = nextCell
    flow.hidden = throughRecurrent(unit, found, 0)
    return { gates: found, peephole: through }
  },
  GRU(unit, { gates, before, inner }, flow) {
    const { size, values, slopes, isLinearFirst } = unit
    const [f, g] = values as [Function, Function]
    const [df, dg] = slopes as [Function, Function]
    const found = new Float64Array(3 * size)
    const dInner = new Float64Array(size)
    const z = Float64Array.from({ length: size }, (_, i) => f(gates[i]!))
    const r = Float64Array.from({ length: size }, (_, i) => f(gates[size + i]!))
    for (let i = 0; i < size; i++) {
      const at = gates[2 * size + i]! + (isLinearFirst ? r[i]! * inner[i]! : inner[i]!)
      const dCandidate = flow.hidden[i]! * (1 - z[i]!) * dg(at)
      found[i] = flow.hidden[i]! * (before[i]! - g(at)) * df(gates[i]!)
      found[2 * size + i] = dCandidate
      dInner[i] = isLinearFirst ? dCandidate * r[i]! : dCandidate
    }
    // of h, or of r ⊙ h
    const through = throughRecurrent(unit, dInner, 2 * size)
    for (let i = 0; i < size; i++) {
      const dReset = isLinearFirst ? found[2 * size + i]! * inner[i]! : through[i]! * before[i]!
      found[size + i] = dReset * df(gates[size + i]!)
    }
    const early = throughRecurrent(unit, found.subarray(0, 2 * size), 0)
    flow.hidden = flow.hidden.map((dh, i) => dh * z[i]! + early[i]! + through[i]! * (isLinearFirst ? 1 : r[i]!))
    return { gates: found, inner: dInner }
  },
  RNN(unit, { gates }, flow) {
    const found = flow.hidden.map((dh, i) => dh * unit.slopes[0]!(gates[i]!))
    flow.hidden = throughRecurrent(unit, found, 0)
    return { gates: found }
  },
}
