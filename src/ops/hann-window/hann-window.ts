import { defineWindow } from '../windows'

/** y[n] = sin²(π·n / N), where N is the size, or one less when symmetric. */
export const hannWindow = defineWindow('HannWindow', (turn) => Math.sin(Math.PI * turn) ** 2)
