import { binary, constant, unary } from '../elementwise'
import { defineWindow } from '../windows'

/** y[n] = sin²(π·n / N), where N is the size, or one less when symmetric. */
export const hannWindow = defineWindow({
  name: 'HannWindow',
  weight: (turn) => Math.sin(Math.PI * turn) ** 2,
  expression(turn) {
    const sine = unary('sin', binary('mul', constant(Math.PI), turn))
    return binary('mul', sine, sine)
  },
})
