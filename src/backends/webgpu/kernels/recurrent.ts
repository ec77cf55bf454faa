/** Recurrent layers: one dispatch per step (two for a GRU that resets before its product), since a step needs the one before. */
import { readsOf, writesOf } from '../../call-operands'
import type { RecurrentCall } from '../../kernel-calls'
import type { Dispatch, Kernel, Storage } from '../dispatch'
import { isFloat, storage, temporary } from './lines'

const GATES = { lstm: 4, gru: 3, rnn: 1 }

/** An input that may be missing: its binding, and the function that reads it or what stands for it. */
interface Source {
  readonly bound: readonly Storage[]
  readonly code: string
}

const source = (of: Storage['of'] | undefined, name: string, given: string, missing: string): Source => ({
  bound: of ? [storage(name, of)] : [],
  code: of ? given : missing,
})

/** The state before a step: that of the step before, in `hidden`; at first the initial one, or zeros. */
function stateOf({ initialHidden, isReverse }: RecurrentCall, now: number): Source {
  const signature = 'fn state_of(t: u32, b: u32, k: u32) -> f32'
  if (now > 0) {
    const before = isReverse ? 't + 1u' : 't - 1u'
    return { bound: [], code: `${signature} { return hidden_at(place_of(${before}, b, k)); }` }
  }
  const given = `${signature} { return before_at(b * sizes.size + k); }`
  return source(initialHidden, 'before', given, `${signature} { return 0.0; }`)
}

const lengthOf = ({ lengths }: RecurrentCall): Source =>
  source(
    lengths,
    'lengths',
    'fn length_of(b: u32) -> u32 { return u32(lengths_at(b)); }',
    'fn length_of(b: u32) -> u32 { return sizes.steps; }',
  )

function start({ initialCell, lengths, steps, batch, size }: RecurrentCall, cell: Storage['of']): Dispatch {
  const initial = source(
    initialCell,
    'initial',
    'fn initial_of(at: u32) -> f32 { return initial_at(at); }',
    'fn initial_of(at: u32) -> f32 { return 0.0; }',
  )
  const length = source(
    lengths,
    'lengths',
    'fn given_length(b: u32) -> i32 { return lengths_at(b); }',
    'fn given_length(b: u32) -> i32 { return i32(sizes.steps); }',
  )
  return {
    shader: 'recurrent-start',
    storage: [...initial.bound, ...length.bound, storage('cell', cell)],
    sizes: { steps, size },
    slots: { sources: `${initial.code}\n${length.code}` },
    grid: { invocations: batch * size },
  }
}

const LINEAR = `fn candidate_of(t: u32, b: u32, j: u32) -> f32 {
  let reset = math_sigmoid(gate_at(1u, t, b, j) + times_state(sizes.size + j, t, b));
  return reset * (times_state(2u * sizes.size + j, t, b) + bias_of(j));
}`
const RESET = `fn candidate_of(t: u32, b: u32, j: u32) -> f32 {
  var sum = 0.0;
  for (var k = 0u; k < sizes.size; k++) {
    sum += recurrent_at((2u * sizes.size + j) * sizes.size + k) * reset_at(b * sizes.size + k);
  }
  return sum + bias_of(j);
}`

type StepOf = (now: number) => readonly Dispatch[]

/** What every dispatch of a step has: gates, weights, state and lengths, then its own. */
function stepDispatch(
  call: RecurrentCall,
  now: number,
  own: { shader: string; read: Source; written: readonly Storage[]; slots?: Dispatch['slots'] },
): Dispatch {
  const { type, gates, recurrent, steps, batch, size, isReverse } = call
  const [state, length] = [stateOf(call, now), lengthOf(call)]
  return {
    shader: own.shader,
    storage: [
      storage('gates', gates),
      storage('recurrent', recurrent),
      ...state.bound,
      ...length.bound,
      ...own.read.bound,
      ...own.written,
    ],
    sizes: { steps, batch, size, now },
    constants: { GATES: GATES[type], IS_REVERSE: isReverse },
    slots: { sources: [state.code, length.code, own.read.code].join('\n'), ...own.slots },
    grid: { invocations: batch * size },
  }
}

const NOTHING: Source = { bound: [], code: '' }

function lstmSteps(call: RecurrentCall, cell: Storage['of']): StepOf {
  const peephole = source(
    call.peephole,
    'peephole',
    'fn peephole_of(gate: u32, j: u32) -> f32 { return peephole_at(gate * sizes.size + j); }',
    'fn peephole_of(gate: u32, j: u32) -> f32 { return 0.0; }',
  )
  const written = [storage('cell', cell), storage('last', call.lastHidden), storage('hidden', call.hidden)]
  return (now) => [stepDispatch(call, now, { shader: 'recurrent-lstm', read: peephole, written })]
}

function gruSteps(call: RecurrentCall): StepOf {
  const { batch, size, linearBeforeReset, lastHidden, hidden } = call
  const bias = source(
    call.recurrentBias,
    'bias',
    'fn bias_of(j: u32) -> f32 { return bias_at(j); }',
    'fn bias_of(j: u32) -> f32 { return 0.0; }',
  )
  const written = [storage('last', lastHidden), storage('hidden', hidden)]
  const shader = 'recurrent-gru'
  if (linearBeforeReset) {
    return (now) => [stepDispatch(call, now, { shader, read: bias, written, slots: { candidate: LINEAR } })]
  }
  const reset = storage('reset', temporary('f32', batch * size))
  const read = { bound: [...bias.bound, reset], code: bias.code }
  return (now) => {
    // the state of later steps is read from what is written at last
    const state = now > 0 ? [storage('hidden', hidden)] : []
    return [
      stepDispatch(call, now, { shader: 'recurrent-gru-reset', read: { ...NOTHING, bound: state }, written: [reset] }),
      stepDispatch(call, now, { shader, read, written, slots: { candidate: RESET } }),
    ]
  }
}

function rnnSteps(call: RecurrentCall): StepOf {
  const written = [storage('last', call.lastHidden), storage('hidden', call.hidden)]
  return (now) => [stepDispatch(call, now, { shader: 'recurrent-rnn', read: NOTHING, written })]
}

export const recurrent: Kernel<RecurrentCall> = {
  supports: (call) =>
    isFloat(...[...readsOf(call), ...writesOf(call)].filter((one) => one !== call.lengths)) &&
    (call.lengths === undefined || call.lengths.dtype === 'int32'),
  encode(call) {
    const { type, lastCell, lengths, steps, batch, size } = call
    const cell = lastCell ?? temporary('f32', batch * size)
    const stepsOf = { lstm: () => lstmSteps(call, cell), gru: () => gruSteps(call), rnn: () => rnnSteps(call) }[type]()
    const first = type === 'lstm' || lengths ? [start(call, cell)] : []
    return [...first, ...Array.from({ length: steps }, (_, now) => stepsOf(now)).flat()]
  },
}
