import { fromTensor, toTensor } from '../core/host-array'
import { modelBytes } from './model-bytes'
import { feedsOfCase, modelOfCase, outputNames, type FrozenResults, type OperatorCase } from './operator-cases'
import { testRuntime } from './runtime'

/**
 * What onnxruntime-web says of every case that has no values by hand.
 * @returns results by name, and what onnxruntime refused
 */
export async function freeze(cases: readonly OperatorCase[]): Promise<{ results: FrozenResults; refused: string[] }> {
  const results: Record<string, FrozenResults[string]> = {}
  const refused: string[] = []
  for (const one of cases) {
    if (one.expected || one.error || one.check) continue
    try {
      const session = await (await testRuntime()).open(await modelBytes(modelOfCase(one)), { optimize: 'none' })
      const feeds = new Map([...feedsOfCase(one)].map(([name, array]) => [name, toTensor(array)]))
      const { outputs } = await session.run(feeds)
      results[one.name] = outputNames(one)
        .filter(Boolean)
        .map((name) => {
          const { dtype, shape, values } = fromTensor(outputs.get(name)!)
          return { dtype, shape, values: [...values].map(asJson) }
        })
      await session.release()
    } catch (error) {
      refused.push(`${one.operator}: ${one.name}: ${String(error)}`)
    }
  }
  return { results, refused }
}

/** JSON has no NaN, no infinities, no −0 and no bigints. */
const asJson = (value: number | bigint): number | string =>
  typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : Object.is(value, -0)
      ? '-0'
      : String(value)
