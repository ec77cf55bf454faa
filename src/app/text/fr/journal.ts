export { journal } from '../en/journal'
