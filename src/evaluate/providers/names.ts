/** Name of the provider in reports. */
export const SIMULATED = 'x86-no-vnni (simulated)'
