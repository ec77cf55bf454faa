import { defineOperator, EXACT, notDifferentiable, onHost } from '../op'
import { axisAttribute, inferRows, mapRows } from '../softmax-rows'

/** 1 where x is the first maximum along one axis, else 0. */
export const hardmax = defineOperator({
  name: 'Hardmax',
  domain: '',
  attributes: axisAttribute,
  inputs: [1, 1],
  infer: inferRows,
  reference: (context, x) =>
    mapRows(context, x!, (row) => {
      let first = 0
      for (let s = 1; s < row.length; s++) if (row[s]! > row[first]!) first = s
      row.fill(0)
      row[first] = 1
    }),
  gradient: notDifferentiable('it is constant between its steps'),
  lower: onHost('it is rare'),
  tolerance: EXACT,
})
