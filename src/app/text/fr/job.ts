export { job } from '../en/job'
