import { useState } from 'react'

/**
 * A customer's HTML as it was sent. The server has sanitised it; here it gets a frame without scripts, forms or
 * navigation of this page, and the page's policy keeps it from loading anything from elsewhere. What a link opens is
 * a page like any other: it is not bound by what the frame may not do.
 */
export function EmailFrame({ html, title }: { html: string; title: string }) {
  const [height, setHeight] = useState(120)
  const page = `<!doctype html><html><head><base target="_blank"><link rel="stylesheet" href="/email.css"></head><body>${html}</body></html>`
  return (
    <iframe
      title={title} srcDoc={page} sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerPolicy="no-referrer"
      onLoad={(event) => setHeight(Math.min(1200, (event.currentTarget.contentDocument?.documentElement.scrollHeight ?? 120) + 2))}
      style={{ height }} className="w-full rounded-md border border-line bg-[white]"
    />
  )
}
