export const profile = {
  edit: 'Edit',
  command: 'Edit the profile',
  title: 'Edit the profile',
  hint: 'What is left empty is not known.',
  fields: { name: 'Name', email: 'E-mail', phone: 'Phone', company: 'Company', plan: 'Plan', amount: 'Value', currency: 'Currency', language: 'Language' },
  notKnown: 'Not known',
  saved: 'Profile saved',
  changed: 'Somebody changed this customer meanwhile. What you wrote is kept; look at theirs and save again.',
  theirs: (value: string) => `Meanwhile stored: ${value}`, nothing: 'nothing',
  takeTheirs: 'Take theirs', takeTheirsOf: (field: string) => `Take theirs: ${field}`,
  faults: {
    name: 'A customer keeps a name, an e-mail address or a reference.',
    email: 'This is no e-mail address.',
    amount: 'An amount such as 1250 or 1250.50.',
    currency: 'Three letters, such as EUR.',
  } as Readonly<Record<string, string>>,
}
