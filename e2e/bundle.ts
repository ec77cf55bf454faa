import { build } from 'vite'

/** A file of src/testing with all that it imports as one script, made from the sources. */
export async function bundle(entry: string): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: ['es'], fileName: 'bundle' },
    },
  })
  const outputs = (Array.isArray(made) ? made : [made]) as {
    output: { type: string; code?: string; isEntry?: boolean }[]
  }[]
  const script = outputs.flatMap(({ output }) => output).find(({ isEntry }) => isEntry)
  if (!script?.code) throw new Error(`${entry} was not bundled`)
  return script.code
}
