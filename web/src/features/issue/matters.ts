/** How to take away the messages that are about one thing: a reply that is written, one that waits to be sent. */
const messages = new Map<string, (() => void)[]>()

/** Notes what a message is about; `leave` takes it away, with what it offers to take back. */
export function matter(about: string, leave: () => void): void {
  messages.set(about, [...(messages.get(about) ?? []), leave])
}

/** Takes away all that was said about a thing, as it is over. */
export function isOver(about: string): void {
  for (const leave of messages.get(about) ?? []) leave()
  messages.delete(about)
}
