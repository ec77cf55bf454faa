import type { TensorChange } from '../../methods/method'

/** One tensor in two results; undefined where a result did not change it. */
export interface TensorPair {
  readonly name: string
  readonly a: TensorChange | undefined
  readonly b: TensorChange | undefined
  readonly isDifferent: boolean
}

/** Every tensor of either result, those that differ first, then the largest. */
export function pairTensors(a: readonly TensorChange[], b: readonly TensorChange[]): TensorPair[] {
  const [ofA, ofB] = [lastByName(a), lastByName(b)]
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])]
  const sizeOf = ({ a: one, b: two }: TensorPair) => one?.sizeBeforeBytes ?? two?.sizeBeforeBytes ?? 0
  return names
    .map((name) => {
      const [one, two] = [ofA.get(name), ofB.get(name)]
      return { name, a: one, b: two, isDifferent: !isSame(one, two) }
    })
    .sort((x, y) => Number(y.isDifferent) - Number(x.isDifferent) || sizeOf(y) - sizeOf(x))
}

/** Several steps may change one tensor; the last of them made what is in the file. */
const lastByName = (changes: readonly TensorChange[]) => new Map(changes.map((change) => [change.name, change]))

function isSame(a: TensorChange | undefined, b: TensorChange | undefined): boolean {
  return a?.to === b?.to && a?.sizeAfterBytes === b?.sizeAfterBytes && a?.sqnrDb === b?.sqnrDb
}
