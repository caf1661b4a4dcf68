import { useMay } from '../../api/queries/me'
import { words } from '../../strings/pages/privacy'
import { Section } from '../../ui/Page'
import { CustomerSection } from './CustomerSection'
import { HoldsSection } from './HoldsSection'
import { RequestsSection } from './RequestsSection'
import { RetentionSection } from './RetentionSection'

/** What is kept about people, for how long, and how it goes. Auditors read it; administrators act. */
export function PrivacyPart() {
  const manages = useMay('privacy.manage')
  return (
    <div className="max-w-[67.5rem]">
      {manages && <Section title={words.one} hint={words.oneHint}><CustomerSection /></Section>}
      <Section title={words.requests} hint={words.requestsHint}><RequestsSection manages={manages} /></Section>
      <Section title={words.retention} hint={words.retentionHint}><RetentionSection manages={manages} /></Section>
      <Section title={words.holds} hint={words.holdsHint}><HoldsSection manages={manages} /></Section>
    </div>
  )
}
