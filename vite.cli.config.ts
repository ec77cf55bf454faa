import { chmodSync } from 'node:fs'
import { defineConfig } from 'vite'
import { wasmFileUrls } from './scripts/vite-wasm-file-urls.mjs'

/** The command line: one ES module for Node; packages stay in node_modules, our own WASM lies beside the module. */
export default defineConfig({
  plugins: [
    wasmFileUrls(),
    {
      name: 'plume:executable',
      writeBundle: () => chmodSync('dist-cli/plume.mjs', 0o755),
    },
  ],
  // public/ belongs to the page.
  publicDir: false,
  build: {
    ssr: 'src/cli/main.ts',
    ssrEmitAssets: true,
    outDir: 'dist-cli',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rollupOptions: {
      output: {
        format: 'es',
        entryFileNames: 'plume.mjs',
        chunkFileNames: '[name]-[hash].mjs',
        banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
})
