import { buildWasm } from './build-wasm.mjs'

/** Tests load the built kernels, so `npx vitest run` alone must build what is stale. */
export async function setup() {
  await buildWasm()
}
