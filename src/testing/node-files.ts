/** Tests read files through the very sources that the command line uses. */
export { nodeFileSet, nodeSampleFiles, nodeSource } from '../cli/files'
