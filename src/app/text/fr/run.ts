export { run } from '../en/run'
