import { Link } from '@tanstack/react-router'

/** `exact`: the address of the first part, which those of the others begin with. */
type Tab = { to: string; label: string; exact?: boolean }

/** On a phone the parts may be wider than the page. */
const showIfActive = (link: HTMLAnchorElement | null): void => {
  if (link?.ariaCurrent === 'page') link.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** The parts of a page, each with its own address. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2 md:px-4">
      {tabs.map((tab) => (
        <Link
          key={tab.to} to={tab.to} ref={showIfActive} activeOptions={{ exact: tab.exact ?? false }}
          className="flex h-9 shrink-0 items-center border-b-2 border-transparent px-2 font-medium text-fg-3 -outline-offset-2 hover:text-fg pointer-coarse:h-11 forced-colors:border-[Canvas]"
          activeProps={{ className: '!border-accent !text-fg forced-colors:!border-[Highlight]', 'aria-current': 'page' }}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
