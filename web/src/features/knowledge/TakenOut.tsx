import { useState, type ReactNode } from 'react'
import { byMarks, takenOut } from '../../lib/takenOut'
import { words } from '../../strings/pages/knowledge'
import { Confirm } from '../../ui/Confirm'

/** Says that words were taken out of a learned text for the sake of people, and that nobody has filled them in. */
export function TakenOut({ texts }: { texts: readonly string[] }) {
  const left = takenOut(...texts)
  if (!left.length) return null
  return (
    <p className="rounded-lg bg-medium-soft px-3 py-2 text-xs">
      <b className="font-medium text-medium">{words.leftMarks}</b> <Marked text={left.join(', ')} /> {words.leftHint}
    </p>
  )
}

/** A line of text with what was taken out of it marked. */
export const Marked = ({ text }: { text: string }) => <>{byMarks(text).map((piece, at) => (at % 2 ? <mark key={at}>{piece}</mark> : piece))}</>

/** Asks once before a text is published in which something was taken out and not filled in; what is returned is drawn. */
export function useAskLeft(texts: readonly string[]): { publish: (run: () => void) => void; question: ReactNode } {
  const [asked, setAsked] = useState<{ run: () => void }>()
  const left = takenOut(...texts)
  return {
    publish: (run) => (left.length ? setAsked({ run }) : run()),
    question: asked && (
      <Confirm title={words.leftAsk(left.join(', '))} action={words.publishAnyway} onClose={() => setAsked(undefined)} onConfirm={() => { asked.run(); return Promise.resolve() }}>
        <p>{words.leftHint}</p>
      </Confirm>
    ),
  }
}
