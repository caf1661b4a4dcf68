import { expect, test } from 'vitest'
import { placesOf } from '../charts/TimePoints'

test('points stand by their time, none upon another, all within', () => {
  expect(placesOf([0, 10, 100], 0, 100, 5)).toEqual([0, 10, 100])
  expect(placesOf([0, 1, 100], 0, 100, 20)).toEqual([0, 20, 100])
  expect(placesOf([0, 99, 100], 0, 100, 20)).toEqual([0, 80, 100])
  expect(placesOf([0, 0, 0], 0, 100, 50)).toEqual([0, 50, 100])
  expect(placesOf([7], 3, 100, 50)).toEqual([3])
})
