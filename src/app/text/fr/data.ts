export { data } from '../en/data'
