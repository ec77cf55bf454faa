import type { Operand } from '../kernel-calls'
import { GROUP_COST, type CallStep, type HostStep, type Program } from '../machine'
import { encode } from './encode'

/** A program as the walker reads it. */
export interface EncodedProgram {
  /** All commands, one after the other: [opcode, length, ...arguments]. */
  readonly words: Int32Array
  /** Byte offset of each command. */
  readonly offsets: readonly number[]
  /** The step that each command belongs to. */
  readonly steps: readonly CallStep[]
  /** What runs without looking at the clock. */
  readonly groups: readonly Group[]
  readonly scratchBytes: number
}

export type Group =
  | {
      readonly type: 'commands'
      readonly first: number
      readonly count: number
      readonly cost: number
      readonly isFinal: boolean
    }
  | { readonly type: 'host'; readonly step: HostStep; readonly cost: number; readonly isFinal: false }

export function encodeProgram(program: Program, addressOf: (operand: Operand) => number): EncodedProgram {
  const words: number[] = []
  const offsets: number[] = []
  const steps: CallStep[] = []
  const groups: { type: 'commands'; first: number; count: number; cost: number; isFinal: boolean }[] = []
  const all: Group[] = []
  let scratchBytes = 0
  const writesFrom = program.writesFrom ?? Infinity
  for (const [i, step] of program.steps.entries()) {
    if (step.type === 'host') {
      all.push({ type: 'host', step, cost: step.cost, isFinal: false })
      continue
    }
    const commands = encode(step.call, { addressOf })
    for (const command of commands) {
      const cost = step.cost / commands.length
      const last = groups.at(-1)
      if (last && last === all.at(-1) && last.cost + cost <= GROUP_COST) {
        last.count++
        last.cost += cost
      } else {
        // one that begins behind the first change of a state is not stopped any more
        const isFinal = i > writesFrom || (i === writesFrom && command !== commands[0])
        const group = { type: 'commands' as const, first: offsets.length, count: 1, cost, isFinal }
        groups.push(group)
        all.push(group)
      }
      offsets.push(words.length * 4)
      steps.push(step)
      words.push(command.opcode, command.words.length + 2)
      for (const word of command.words) words.push(word)
      scratchBytes = Math.max(scratchBytes, command.scratchBytes)
    }
  }
  return { words: Int32Array.from(words), offsets, steps, groups: all, scratchBytes }
}
