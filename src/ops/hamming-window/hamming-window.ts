import { binary, constant } from '../elementwise'
import { cosine, defineWindow } from '../windows'

const ALPHA = 25 / 46

/** y[n] = 25/46 − 21/46 · cos(2π·n / N), where N is the size, or one less when symmetric. */
export const hammingWindow = defineWindow({
  name: 'HammingWindow',
  weight: (turn) => ALPHA - (1 - ALPHA) * Math.cos(2 * Math.PI * turn),
  expression: (turn) => binary('sub', constant(ALPHA), binary('mul', constant(1 - ALPHA), cosine(turn, 1))),
})
