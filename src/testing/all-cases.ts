import type { FrozenResults, OperatorCase } from './operator-cases'

const CASES = import.meta.glob<{ cases: readonly OperatorCase[] }>('../ops/*/*.cases.ts', { eager: true })
const FROZEN = import.meta.glob<FrozenResults>('../ops/*/*.frozen.json', { eager: true, import: 'default' })

/** The cases of all operators, each with what onnxruntime-web says of it. */
export function allCases(): { one: OperatorCase; frozen?: FrozenResults[string] }[] {
  return Object.entries(CASES).flatMap(([path, { cases }]) => {
    const frozen = FROZEN[path.replace(/\.cases\.ts$/, '.frozen.json')] ?? {}
    return cases.map((one) => {
      const known = frozen[one.name]
      return known ? { one, frozen: known } : { one }
    })
  })
}
