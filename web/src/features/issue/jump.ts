export const messageElementId = (id: string): string => `message-${id}`
const asked = new EventTarget()

/** Scrolls to a message and gives it the focus; earlier messages that are folded are shown first. */
export function jumpToMessage(id: string): void {
  asked.dispatchEvent(new CustomEvent('jump', { detail: id }))
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const element = document.getElementById(messageElementId(id))
    const folded = element?.closest('details')
    if (folded) folded.open = true
    element?.scrollIntoView({ block: 'center' })
    if (!element) return
    element.focus({ preventScroll: true })
    // Also for whoever came by the mouse, until they go on.
    element.dataset.jumped = ''
    element.addEventListener('blur', () => { delete element.dataset.jumped }, { once: true })
  }))
}

/** Where an address leads that names a message behind `#`. */
export function jumpToHash(): void {
  const id = /^#message-(\w+)$/.exec(location.hash)?.[1]
  if (id) jumpToMessage(id)
}

export function onJump(listener: (id: string) => void): () => void {
  const handle = (event: Event) => listener((event as CustomEvent<string>).detail)
  asked.addEventListener('jump', handle)
  return () => asked.removeEventListener('jump', handle)
}

/** The issue whose conversation is to get the focus as soon as it is there. */
let wanted: string | undefined

export const focusConversation = (issueId: string): void => { wanted = issueId }

export function takeFocus(issueId: string, conversation: HTMLElement | null): void {
  if (wanted !== issueId) return
  wanted = undefined
  conversation?.focus()
}
