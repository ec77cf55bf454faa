import { expose, transferHandlers } from 'comlink'
import { keepErrorClasses } from '../core/error-transfer'
import { createStoreApi } from './store/api'

keepErrorClasses(transferHandlers)

expose(createStoreApi())
