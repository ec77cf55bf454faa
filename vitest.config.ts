import { svelte } from '@sveltejs/vite-plugin-svelte'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { wasmFileUrls } from './scripts/vite-wasm-file-urls.mjs'

/** FULL=1 adds the slow tier, files named *.slow.test.ts. */
const isFull = process.env['FULL'] === '1'

export default defineConfig({
  plugins: [svelte({ configFile: false }), wasmFileUrls()],
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: ['node_modules/**', 'dist/**', 'dist-cli/**', ...(isFull ? [] : ['**/*.slow.test.ts'])],
    globalSetup: 'scripts/vitest-setup.mjs',
    typecheck: { tsconfig: './tsconfig.test.json', include: ['src/**/*.test-d.ts'] },
    // onnxruntime compiles 14 MB of WASM in every file that uses it, on machines with two busy cores.
    // by default one core is left idle, which on two cores is half of them
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: isFull ? 600_000 : 60_000,
    hookTimeout: 60_000,
  },
})
