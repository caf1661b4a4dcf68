import { Link } from '@tanstack/react-router'
import { overlays } from '../strings/pages/overlays'
import { Banner } from '../ui'

/** Nothing but one's account opens to somebody whose role needs a second factor and has none. */
export default function SecondFactorBanner() {
  return (
    <Banner tone="info">
      {overlays.secondFactorNeeded}
      <Link to="/account" className="font-medium underline underline-offset-2">{overlays.secondFactorSetUp}</Link>
    </Banner>
  )
}
