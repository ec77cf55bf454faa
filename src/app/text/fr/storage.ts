export { storage } from '../en/storage'
