import { choice, flag, float, floats, optional, texts } from '../attributes'

export const attributes = {
  kind: choice(['LSTM', 'GRU', 'RNN']),
  activations: texts(),
  activation_alpha: floats([]),
  activation_beta: floats([]),
  clip: optional(float()),
  is_reverse: flag(false),
  input_forget: flag(false),
  linear_before_reset: flag(false),
}

export const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const
