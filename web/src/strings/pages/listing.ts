import { wordsOf } from '..'
import { listing as de } from '../de/listing'
import { listing as en } from '../en/listing'

export const listing = wordsOf({ en, de })
