/** What a plan does, as data and as text: for `plume bench`, for reports, and for tests of fusion. */
import { writesOf } from '../../backends/call-operands'
import type { KernelCall } from '../../backends/kernel-calls'
import { titleOf } from '../node-context'
import { describeExpression } from './expressions'
import type { StageRuns } from './executor'
import type { Op } from './lower'

export interface ExplainedStep {
  /** Operator types that it computes, in order: ['Conv', 'Relu']. */
  readonly operators: readonly string[]
  readonly nodes: readonly string[]
  /** Kernel, or 'host'. */
  readonly kernel: KernelCall['kernel'] | 'host'
  /** Sizes, formula, epilogue; on the host: why. */
  readonly detail: string
  readonly output: string
  readonly flops: number
  readonly bytes: number
  /** In the last run, where the machine measured it. */
  readonly timeMs?: number
}

export interface ExplainedStage {
  /** The graph that it belongs to, and how often it runs in one run of the model. */
  readonly graph: string
  readonly runs: number
  readonly steps: readonly ExplainedStep[]
  /** Nodes between this segment and the next, with the reason. */
  readonly interpreted: readonly { readonly node: string; readonly operator: string; readonly why: string }[]
  /** Nodes that were computed while planning. */
  readonly folded: readonly string[]
  /** Values of this run that the plan was made for. */
  readonly fixed: readonly string[]
  readonly arenaBytes: number
  /** The same without values that share memory. */
  readonly unsharedBytes: number
  readonly constantBytes: number
}

export interface Explanation {
  readonly machine: string
  readonly stages: readonly ExplainedStage[]
  readonly flops: number
  readonly bytes: number
  /** Several lines. */
  readonly text: string
}

export function explainStages(machine: string, stages: readonly StageRuns[]): Explanation {
  const explained = stages.map(explainStage)
  const sum = (name: 'flops' | 'bytes') =>
    explained.reduce((total, { steps, runs }) => total + runs * steps.reduce((all, step) => all + step[name], 0), 0)
  const facts = { machine, stages: explained, flops: sum('flops'), bytes: sum('bytes') }
  return { ...facts, text: describe(facts) }
}

function explainStage({ stage, graph, runs }: StageRuns): ExplainedStage {
  const { segment, interpreted, folded, loaded, fixed } = stage
  const constants = new Map(
    [...(segment?.program.places.values() ?? [])].flatMap((place) =>
      place.in === 'constant' ? [[place.constant, place.constant.array.values.byteLength] as const] : [],
    ),
  )
  return {
    graph,
    runs,
    steps: (segment?.facts ?? []).map(({ op, flops, bytes }, i) => ({
      operators: op.bounds.map(({ operator }) => operator.name),
      nodes: op.bounds.map(({ node }) => titleOf(node)),
      ...describeOp(op),
      flops,
      bytes,
      ...(loaded?.times?.[i] && { timeMs: loaded.times[i] }),
    })),
    interpreted: interpreted.map(({ bound, why }) => ({
      node: titleOf(bound.node),
      operator: bound.operator.name,
      why,
    })),
    folded: folded.map(({ node }) => titleOf(node)),
    fixed: [...fixed.keys()],
    arenaBytes: segment?.program.arenaBytes ?? 0,
    unsharedBytes: segment?.unsharedBytes ?? 0,
    constantBytes: [...constants.values()].reduce((total, bytes) => total + bytes, 0),
  }
}

const describeShape = ({ dtype, shape }: { dtype: string; shape: readonly number[] }) => `${dtype}[${shape.join(', ')}]`

function describeOp(op: Op): Pick<ExplainedStep, 'kernel' | 'detail' | 'output'> {
  if (op.type === 'host') {
    return {
      kernel: 'host',
      detail: op.why,
      output: op.outputs.flatMap((one) => (one ? [describeShape(one)] : [])).join(', '),
    }
  }
  const { call } = op
  const output = describeShape(writesOf(call)[0]!)
  return { kernel: call.kernel, detail: describeCall(call), output }
}

function describeCall(call: KernelCall): string {
  switch (call.kernel) {
    case 'map':
    case 'integerMap':
      return describeExpression(call.expression)
    case 'gemm':
      return [
        `${call.batches.length > 1 ? `${call.batches.length} × ` : ''}${call.m}×${call.k}·${call.k}×${call.n}`,
        ...(call.bias ? ['bias'] : []),
        ...(call.activation ? [call.activation.type] : []),
      ].join(' + ')
    case 'conv':
    case 'convTranspose':
      return [
        `${call.axes.map(({ kernel }) => kernel).join('×')}, ${call.groups * call.inPerGroup} → ${call.groups * call.outPerGroup} channels${call.groups > 1 ? ` in ${call.groups} groups` : ''}`,
        ...(call.bias ? ['bias'] : []),
        ...(call.activation ? [call.activation.type] : []),
      ].join(' + ')
    case 'convWeightGradient':
    case 'maxPoolGradient':
      return call.axes.map(({ kernel }) => kernel).join('×')
    case 'attention':
      return `${call.heads} heads, ${call.queries} queries, ${call.keys} keys`
    case 'pool':
      return `${call.type} ${call.axes.map(({ kernel }) => kernel).join('×')}`
    case 'sample':
      return `${call.mode}, ${call.padding} outside`
    case 'roi':
      return `${call.count} boxes, ${call.rows}×${call.columns} cells`
    case 'reduce':
      return `${call.reduction} of ${call.size}`
    case 'recurrent':
      return `${call.type}, ${call.steps} steps of ${call.size}`
    default:
      return ''
  }
}

const number = (value: number): string => value.toLocaleString('en').replaceAll(',', ' ')
const COLUMN = 14

function describeStep({ operators, kernel, detail, output, timeMs }: ExplainedStep): string {
  const time = timeMs === undefined ? '' : `  ${timeMs.toPrecision(3)} ms`
  return `${kernel.padEnd(COLUMN)}${operators.join(' + ')} → ${output}${detail ? `  ${detail}` : ''}${time}`
}

function describe({ machine, stages, flops, bytes }: Omit<Explanation, 'text'>): string {
  const lines = [`${machine}: ${number(flops)} flops, ${number(bytes)} bytes moved`]
  stages.forEach((stage, i) => {
    const { graph, runs, steps, interpreted, folded, fixed, arenaBytes, unsharedBytes, constantBytes } = stage
    const memory = `${number(arenaBytes)} bytes (${number(unsharedBytes)} without reuse), constants ${number(constantBytes)}`
    const of = [
      graph,
      ...(runs > 1 ? [`${runs} times`] : []),
      ...(fixed.length > 0 ? [`for these values of ${fixed.join(', ')}`] : []),
    ]
    lines.push(
      `segment ${i + 1} (${of.join(', ')}): ${steps.length} steps, ${folded.length} nodes folded, memory ${memory}`,
    )
    for (const step of steps) lines.push(`  ${describeStep(step)}`)
    for (const { node, why } of interpreted) lines.push(`  ${'interpreted'.padEnd(COLUMN)}${node}: ${why}`)
  })
  return lines.join('\n')
}
