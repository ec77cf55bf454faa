/** Ranges and histograms of inner values that a runtime computes, found on the host: for models that Plume's engine cannot run. */
import { observationOf, wordsOf, type Look, type Observation } from '../backends/observe'
import { ShapeError, throwIfAborted, UnsupportedError } from '../core/errors'
import { fromTensor, toTensor, type HostArray } from '../core/host-array'
import type { Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Model } from '../graph/model'
import type { ObservedOptions, ObservedSession } from './observed'
import { withOutputs } from './observed-model'
import type { Runtime, Session } from './runtime'

export type HostObservedOptions = Pick<ObservedOptions, 'values' | 'types'>

/** What a run gave to the host, beside its observations. */
export interface HostObservedSession extends ObservedSession {
  /** Bytes of the values of the largest run. */
  readonly outputBytes: number
}

/**
 * Opens a copy of the model that hands out the values. The graph runs as it stands, so that a value is the same whichever others
 * are asked for.
 * @param model stays as it is
 * @throws RuntimeFailure; ShapeError for a value that the graph does not have
 */
export async function openObservedOnHost(
  runtime: Runtime,
  model: Model,
  options: HostObservedOptions,
): Promise<HostObservedSession> {
  const { model: copy, outputs } = withOutputs(model, options.values, options.types)
  const session = await runtime.open(await encodeOnnx(copy), { optimize: 'none' })
  let outputBytes = 0
  return {
    machine: `onnxruntime-${runtime.provider}`,
    get outputBytes() {
      return outputBytes
    },
    async observe(feeds, observers, { signal } = {}) {
      throwIfAborted(signal)
      const results = await run(session, feeds)
      outputBytes = Math.max(
        outputBytes,
        sumOf([...results.values()], ({ data }) => data.byteLength),
      )
      const found = new Map<string, Observation>()
      for (const [value, looks] of observers) {
        const output = outputs.get(value)
        const tensor = output === undefined ? undefined : results.get(output)
        if (!tensor) throw new ShapeError(`The session was not opened to observe the value ${value}.`)
        for (const look of [looks].flat()) found.set(value, { ...found.get(value), ...lookAt(value, tensor, look) })
      }
      return found
    },
    release: () => session.release(),
  }
}

const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)

async function run(session: Session, feeds: ReadonlyMap<string, HostArray>): Promise<Map<string, Tensor>> {
  // what only dropped nodes read is no input of the copy
  const inputs = new Set(session.inputs.map(({ name }) => name))
  const given = [...feeds].filter(([name]) => inputs.has(name)).map(([name, array]) => [name, toTensor(array)] as const)
  return (await session.run(new Map(given))).outputs
}

function lookAt(value: string, tensor: Tensor, look: Look): Observation {
  const array = fromTensor(tensor)
  if (look.type === 'value') return { value: array }
  if (!(array.values instanceof Float32Array)) {
    throw new UnsupportedError(
      `The value ${value} holds ${tensor.dtype} values; only those of float32, float16 and bfloat16 can be observed.`,
    )
  }
  return observationOf(look, wordsOf(look, array.values))
}
