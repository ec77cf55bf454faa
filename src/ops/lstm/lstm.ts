import { flag } from '../attributes'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { LSTM, lstmStep } from '../lstm-step'
import { inferRecurrent, recurrentAttributes, runRecurrent } from '../recurrent'
import { recurrentRule } from '../recurrent-gradients'
import { lowerRecurrent } from '../recurrent-lower'

const attributes = { ...recurrentAttributes, input_forget: flag(false) }
type Schema = typeof attributes

/** One layer of long short-term memory. Shapes: see `recurrent.ts`; P [D, 3·H]. */
export const lstm = defineOperator({
  name: 'LSTM',
  domain: '',
  attributes,
  inputs: [3, 8],
  infer: (context) => inferRecurrent(context, LSTM),
  reference(context, ...inputs) {
    const { input_forget: isCoupled } = context.attributes
    return runRecurrent(context, LSTM, inputs, (direction, x, hidden, cell) =>
      lstmStep(direction, x, [hidden, cell], isCoupled),
    )
  },
  gradient: differentiable<Schema>((context) =>
    recurrentRule(context, { kind: 'LSTM', of: LSTM, isCoupled: context.attributes.input_forget }),
  ),
  lower: (context) => (context.attributes.input_forget ? null : lowerRecurrent(context, LSTM, 'lstm')),
  tolerance: FLOAT32,
})
