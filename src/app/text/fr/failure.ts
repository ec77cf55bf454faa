export { failure } from '../en/failure'
