import { draftOwner, changeDraft, getDraft, giveBack, keep, keptKeys, recall, type DraftFile, type DraftText, type Mode, type Tried } from './useDraftText'

/**
 * Words on their way to the server. Until its answer they are kept on this device with the key that names the send, so
 * that neither moving on, nor a reload, nor a lost answer takes them or sends them twice.
 */
type Sending = Tried & { issueId: string; with: Pick<DraftText, 'suggestionId' | 'suggested' | 'markers' | 'addTags' | 'thenStatus' | 'templates' | 'unsigned' | 'files'> }

const under = new Set<Promise<unknown>>()
const keyOf = (key: string): string => `sending:${draftOwner()}:${key}`

/**
 * Takes one of the two texts out of the composer and sends it; `how` tells apart what may be done with the same words.
 * `files` go with it. When that fails the words come back, before what was written meanwhile, and the error is thrown.
 */
export async function sendText<T>(issueId: string, part: Mode, how: string, call: (key: string, body: string) => Promise<T>, files: readonly DraftFile[] = []): Promise<T> {
  const { tried, suggestionId, suggested, markers, addTags, thenStatus, templates, unsigned, ...draft } = getDraft(issueId)
  const body = draft[part].trim()
  const again = tried?.part === part && tried.body === body && tried.how === how
  const key = again ? tried.key : crypto.randomUUID()
  const sending: Sending = { issueId, part, how, body, key, with: part === 'reply' ? { suggestionId, suggested, markers: markers ?? [], addTags, thenStatus, templates, unsigned, files } : { files } }
  const [place, sender] = [keyOf(key), draftOwner()]
  const answer = inUse(place, () => call(key, body))
  keep(place, JSON.stringify(sending))
  changeDraft(issueId, { [part]: '', tried: undefined, files: draft.files?.filter((file) => file.part !== part) })
  under.add(answer)
  try {
    return await answer
  } catch (error) {
    if (sender === draftOwner()) comeBack(sending)
    throw error
  } finally {
    under.delete(answer)
    keep(place, null)
  }
}

/** Does it while a lock tells other tabs that this page is still there and gives back itself what it has to. */
const inUse = async <T>(place: string, what: () => Promise<T>): Promise<T> => navigator.locks.request(place, what)

/** Resolves when every send under way has its answer, whichever. */
export async function sendsEnd(): Promise<void> {
  await Promise.allSettled(under)
}

function comeBack({ issueId, part, body, how, key, with: more }: Sending): void {
  giveBack(issueId, part, body, { ...more, tried: { part, body, how, key } })
}

/** Gives back what was on its way when a page before this one was left; what another tab is sending stays its own. */
function restore(): void {
  for (const place of keptKeys(keyOf(''))) {
    void navigator.locks.request(place, { ifAvailable: true }, (lock) => {
      const kept = lock && recall(place)
      if (!kept) return
      keep(place, null)
      try {
        comeBack(JSON.parse(kept) as Sending)
      } catch { /* not what this page writes */ }
    })
  }
}

restore()
