export const clock = {
  first_response: 'First response',
  resolution: 'Resolution',
  left: (time: string) => `${time} left`,
  late: (time: string) => `${time} late`,
}
