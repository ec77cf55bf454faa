/** What moves as one. */
import { deviceLayout } from '../../../core/device-layout'
import type { Operand } from '../../kernel-calls'
import type { Storage } from '../dispatch'

const lanesOf = ({ dtype }: Operand): number => 32 / deviceLayout(dtype)!.bits

/** Elements that move as one where runs have `run` of them: those of four words, of one word, or single ones. */
export function widthOf(operand: Operand, run: number): number {
  const lanes = lanesOf(operand)
  return [4 * lanes, lanes].find((width) => run % width === 0) ?? 1
}

/** An operand as an array of such units. */
export const wide = (name: string, of: Operand, width: number): Storage => ({
  ...{ name, of },
  ...(lanesOf(of) > 1 && width > 1 && { isWords: true }),
  ...(width === 4 * lanesOf(of) && { vector: 4 }),
})

/** Indices that are read as i32. */
export const isIndex = ({ dtype }: Operand): boolean => dtype === 'int64' || dtype === 'int32'
