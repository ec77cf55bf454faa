export { batch } from '../en/batch'
