export const overlays = {
  commandPlaceholder: 'Type a command or search…',
  commandInput: 'Search commands and issues',
  commandEmpty: 'No match. Try a word of the subject or a customer’s name.',
  helpHint: 'Each of these is also a button and a command.',
  helpSingleKeys: 'Single-key shortcuts',
  helpSingleKeysHint: 'Off: only shortcuts with Ctrl or ⌘ work.',
  leaveTitle: 'Leave without saving?',
  leaveHint: 'What you changed here is not saved yet.',
  leave: 'Leave',
  secondFactorNeeded: 'Your role needs a second factor before you can work.',
  secondFactorSetUp: 'Set it up',
}
