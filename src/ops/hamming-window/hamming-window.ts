import { defineWindow } from '../windows'

const ALPHA = 25 / 46

/** y[n] = 25/46 − 21/46 · cos(2π·n / N), where N is the size, or one less when symmetric. */
export const hammingWindow = defineWindow('HammingWindow', (turn) => ALPHA - (1 - ALPHA) * Math.cos(2 * Math.PI * turn))
