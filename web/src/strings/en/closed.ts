export const closed = {
  missing: 'There is nothing here',
  missingHint: 'The address may be old, or the record was removed.',
  forbidden: 'Not for your role',
  forbiddenHint: 'An administrator can give you access.',
  backToInbox: 'Back to the inbox',
}
