/** The part of the charting library that the page draws with. Loaded with the first chart. */
export { axisX, axisY, cell, dot, gridY, line, plot, rectY, ruleX, ruleY, text, tickX } from '@observablehq/plot'
