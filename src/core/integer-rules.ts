/** What integer arithmetic cannot do, as every operator and machine says it. */
export const BY_ZERO = 'an integer is divided by zero'
export const ZERO_POWER = 'an integer 0 has no negative power'
