export const resolve = {
  title: 'What solved it?',
  hint: 'Copilot learns from this for the next time. It starts from your last reply.',
  without: 'Without a note',
  withoutNote: 'Resolve without a note',
  undone: 'Open again',
}
