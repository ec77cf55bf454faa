/** Tests that cannot pass, with the reason. A test that is not listed and fails is a bug. */
const REASONS = [
  [
    /^test_bernoulli/,
    'The expected numbers come from the random generator of NumPy; the specification leaves them open.',
  ],
  [
    /^test_training_dropout(?!_zero)/,
    'The expected mask comes from the random generator of NumPy; the specification leaves it open.',
  ],
]

export const reasonOf = (name) => REASONS.find(([pattern]) => pattern.test(name))?.[1]
