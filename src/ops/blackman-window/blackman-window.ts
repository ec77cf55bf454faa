import { binary, constant } from '../elementwise'
import { cosine, defineWindow } from '../windows'

/** y[n] = 0.42 − 0.5 · cos(2π·n / N) + 0.08 · cos(4π·n / N), where N is the size, or one less when symmetric. */
export const blackmanWindow = defineWindow({
  name: 'BlackmanWindow',
  weight: (turn) => 0.42 - 0.5 * Math.cos(2 * Math.PI * turn) + 0.08 * Math.cos(4 * Math.PI * turn),
  expression(turn) {
    const [once, twice] = [
      binary('mul', constant(0.5), cosine(turn, 1)),
      binary('mul', constant(0.08), cosine(turn, 2)),
    ]
    return binary('add', binary('sub', constant(0.42), once), twice)
  },
})
