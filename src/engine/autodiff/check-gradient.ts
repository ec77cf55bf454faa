/** Gradients against differences: the truth about a derivative that needs nothing but the function. */
import { isFloat, numbersOf, type HostArray } from '../../core/host-array'
import { assert } from '../../core/errors'
import { Random } from '../../core/random'
import type { Graph, LazyTensor } from '../../graph/model'
import type { ValueName } from '../../ops/gradient'
import type { GraphBuilder } from '../build/graph-builder'
import { modelOf } from '../build/model-of'
import { Interpreter } from '../interpret'
import { differentiate } from './differentiate'

export interface CheckOptions {
  /** Elements of each value that are compared, drawn by seed; default 32. */
  readonly samples?: number
  readonly seed?: number
  /** Half of the way between the two points, times the size of the element where it is above 1; default 1e-5. */
  readonly step?: number
  /** Default: 1e-6 and 1e-5. */
  readonly absolute?: number
  readonly relative?: number
}

export interface GradientMismatch {
  readonly value: ValueName
  readonly index: number
  readonly gradient: number
  readonly difference: number
}

export interface GradientReport {
  /** Elements that were compared. */
  readonly compared: number
  /** Elements at which the function has a kink, a step or no finite value. */
  readonly skipped: number
  readonly mismatches: readonly GradientMismatch[]
  /** In double precision, by the names of their values in the graph. */
  readonly gradients: ReadonlyMap<ValueName, HostArray>
}

/**
 * Compares the gradient of a scalar with central differences (f(x + h) − f(x − h)) / 2h, both in double precision on the
 * reference.
 * @param builder holds the graph; gradient nodes are added to it
 * @param at values of all inputs of the graph; the gradient is taken with respect to those that are floats
 * @throws as `differentiate` and as the references do
 */
export async function checkGradient(
  builder: GraphBuilder,
  of: ValueName,
  at: ReadonlyMap<ValueName, HostArray>,
  options: CheckOptions = {},
): Promise<GradientReport> {
  const wide = new Map([...at].map(([name, array]) => [name, widened(array)]))
  const wrt = [...wide].filter(([, { dtype }]) => isFloat(dtype)).map(([name]) => name)
  const forward = evaluator({ ...builder.graph, nodes: [...builder.graph.nodes] }, [of], builder)
  const gradients = differentiate(builder, of, wrt)
  const backward = await evaluator(builder.graph, [...gradients.values()], builder)(wide)
  const report = { compared: 0, skipped: 0, mismatches: [] as GradientMismatch[], gradients: backward }
  const random = new Random(options.seed ?? 0)
  const f = async () => numbersOf((await forward(wide)).get(of) as HostArray)[0] as number
  const here = await f()
  for (const value of wrt) {
    const found = numbersOf(backward.get(gradients.get(value)!) as HostArray)
    const { values } = wide.get(value) as HostArray & { values: Float64Array }
    assert(found.length === values.length, `the gradient of ${value} has ${found.length} elements`)
    for (const index of drawn(values.length, options.samples ?? 32, random)) {
      const difference = await differenceAt(values, index, { f, here, step: options.step ?? 1e-5 })
      if (!difference) report.skipped++
      else {
        report.compared++
        const [gradient, { slope, rounding }] = [found[index] as number, difference]
        const bound = (options.absolute ?? 1e-6) + (options.relative ?? 1e-5) * Math.abs(slope) + rounding
        const isNear = Math.abs(gradient - slope) <= bound
        if (!isNear) report.mismatches.push({ value, index, gradient, difference: slope })
      }
    }
  }
  return report
}

const widened = (array: HostArray): HostArray =>
  isFloat(array.dtype) ? { ...array, values: Float64Array.from(numbersOf(array)) } : array

/** Runs a graph in double precision. */
function evaluator(graph: Graph, outputs: readonly ValueName[], builder: GraphBuilder) {
  const model = modelOf({ ...graph, outputs: outputs.map((name) => ({ name })) })
  const loaded = (tensor: LazyTensor) => builder.loaded(tensor) as HostArray
  const interpreter = new Interpreter({ model, loaded, notes: [] }, { isWide: true })
  return (feeds: ReadonlyMap<string, HostArray>) => interpreter.run(feeds)
}

function drawn(count: number, most: number, random: Random): readonly number[] {
  const all = Array.from({ length: count }, (_, i) => i)
  return count <= most ? all : random.shuffle(all).slice(0, most)
}

/** A difference of slopes on the two sides that is no rounding and no curvature: a kink. */
const KINK = 1e-3
/** Beyond it the two points may lie on both sides of several steps. */
const LARGEST = 2 ** 16

interface Difference {
  readonly slope: number
  /** How far it may be off since the values are rounded. */
  readonly rounding: number
}

/** A slope above it may be that of a jump, which grows as the points come nearer. */
const STEEP = 1e3

/** undefined: the function has a kink or a jump here, or no finite value. */
async function differenceAt(
  values: Float64Array,
  index: number,
  { f, here, step }: { f: () => Promise<number>; here: number; step: number },
): Promise<Difference | undefined> {
  const x = values[index] as number
  if (!(Math.abs(x) < LARGEST)) return undefined
  const at = async (place: number) => {
    values[index] = place
    const found = await f()
    values[index] = x
    return found
  }
  const h = step * Math.max(1, Math.abs(x))
  const [above, below] = [await at(x + h), await at(x - h)]
  const nearer = Math.abs(above - below) > STEEP * h ? await at(x + h / 4) : undefined
  const [right, left] = [(above - here) / h, (here - below) / h]
  const slope = (above - below) / (2 * h)
  const rounding = (8 * Number.EPSILON * Math.abs(here)) / h
  const isNear = (other: number) => Math.abs(right - other) <= KINK * (1 + Math.abs(slope)) + rounding
  const isSmooth = isNear(left) && (nearer === undefined || isNear((nearer - here) / (h / 4)))
  return isSmooth && Number.isFinite(slope) ? { slope, rounding } : undefined
}
