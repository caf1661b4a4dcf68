export const closed = {
  missing: 'There is nothing here',
  missingHint: 'The address may be old, the record was removed, or another team has it now.',
  forbidden: 'Not for your role',
  forbiddenHint: 'An administrator can give you access.',
  backToInbox: 'Back to the inbox',
}
