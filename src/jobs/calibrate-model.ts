/** Where a graph is calibrated: on Plume's engine, and on onnxruntime where the engine cannot run it. */
import type { Machine } from '../backends/machine'
import { DeviceError, PlumeError, UnsupportedError } from '../core/errors'
import { formatBytes } from '../core/format-text'
import type { Note } from '../core/progress'
import type { CalibrateOptions } from '../engine/calibrate'
import { calibrateInGroups, type CalibrationPlace, type GroupedCalibration } from '../engine/calibrate-groups'
import { cappedMachine, OverCap } from '../engine/capped-machine'
import { coverageOf } from '../engine/coverage'
import { openEngine, type Feeds } from '../engine/session'
import { GraphEditor } from '../graph/edit'
import { inferDTypes } from '../graph/infer-dtypes'
import type { Model } from '../graph/model'
import { openObservedOnHost } from '../runtime/observed-host'
import type { Runtime } from '../runtime/runtime'

export interface CalibrationPorts {
  openRuntime(): Promise<Runtime>
  /** Absent where the engine has no kernels. */
  openExactMachine?(): Promise<Machine>
}

export interface CalibrateModelOptions extends CalibrateOptions {
  readonly memoryCapBytes: number
}

export interface CalibratedModel extends GroupedCalibration {
  readonly notes: readonly Note[]
}

/**
 * @param samples called for each group of values, with the same samples in the same order
 * @throws RuntimeFailure, UnsupportedError, ShapeError, AbortError
 */
export async function calibrateModel(
  model: Model,
  samples: () => AsyncIterable<Feeds>,
  options: CalibrateModelOptions,
  ports: CalibrationPorts,
): Promise<CalibratedModel> {
  const ordered = { ...options, values: inOrder(model, options.values) }
  const onHost = async (why: string) => {
    const place = runtimePlace(model, await ports.openRuntime(), options)
    return withNotes(await calibrateInGroups(place, samples, ordered), ordered, [fallbackNote(why)])
  }
  const why = await whyNotEngine(model, ports, options.signal)
  if (why) return onHost(why)
  const machine = await ports.openExactMachine!()
  try {
    return withNotes(await calibrateInGroups(enginePlace(model, machine, options), samples, ordered), ordered, [])
  } catch (error) {
    if (!(error instanceof UnsupportedError || error instanceof DeviceError)) throw error
    return onHost(error.message).catch((second: unknown) => {
      // what neither can do is best said by the engine, which names the node
      throw second instanceof PlumeError && second.name !== 'AbortError' ? error : second
    })
  }
}

async function whyNotEngine(model: Model, { openExactMachine }: CalibrationPorts, signal?: AbortSignal) {
  if (!openExactMachine) return 'it has no kernels here'
  const { blockedBy, missing } = await coverageOf(model, signal)
  if (blockedBy) return blockedBy
  return missing.length > 0 ? `it lacks ${missing.map(({ operator }) => operator).join(', ')}` : undefined
}

function enginePlace(model: Model, machine: Machine, { signal }: CalibrateOptions): CalibrationPlace {
  return {
    async open(_, capBytes) {
      const session = await openEngine(model, { machine: cappedMachine(machine, capBytes), ...(signal && { signal }) })
      return {
        machine: session.machine,
        observe: (feeds, observers, run) => session.observe(feeds, observers, run),
        close: async () => session.dispose(),
      }
    },
  }
}

function runtimePlace(model: Model, runtime: Runtime, { state }: CalibrateOptions): CalibrationPlace {
  return {
    async open(values, capBytes) {
      const all = [...new Set([...values, ...(state?.keys() ?? [])])]
      const dtypes = inferDTypes(new GraphEditor(model))
      const types = new Map([...dtypes].map(([{ name }, dtype]) => [name, { dtype }]))
      const session = await openObservedOnHost(runtime, model, { values: all, types })
      return {
        machine: session.machine,
        async observe(feeds, observers, run) {
          const found = await session.observe(feeds, observers, run)
          if (session.outputBytes > capBytes) throw new OverCap(session.outputBytes)
          return found
        },
        close: () => session.release(),
      }
    },
  }
}

/** As the nodes stand, inputs and weights first: what a group of neighbours needs is less than what all need. */
function inOrder({ graph }: Model, values: readonly string[]): string[] {
  const places = new Map(graph.nodes.flatMap(({ outputs }, at) => outputs.map((name) => [name, at] as const)))
  return [...new Set(values)].sort((a, b) => (places.get(a) ?? -1) - (places.get(b) ?? -1))
}

function withNotes(
  found: GroupedCalibration,
  { memoryCapBytes, values }: CalibrateModelOptions,
  notes: readonly Note[],
): CalibratedModel {
  if (found.overCap.length === 0) return { ...found, notes }
  const text =
    `Calibration took more memory than ${formatBytes(memoryCapBytes)} for ${found.overCap.length} of ${values.length} ` +
    `values, the first of them ${found.overCap[0]}: the model itself needs it. Ranges do not depend on it.`
  return { ...found, notes: [...notes, { severity: 'info', text }] }
}

function fallbackNote(why: string): Note {
  const text = `Calibration ran on ONNX Runtime, since Plume's own engine cannot run the model: ${why.replace(/\.$/, '')}.`
  return { severity: 'info', text }
}
