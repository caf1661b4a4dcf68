import './styles/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { firstAnswers } from './api/atRest'
import { isAskedEarly } from './api/early'
import { meQuery } from './api/queries/me'
import { queryClient } from './api/queryClient'
import { getPrefs } from './app/prefs'
import { router } from './routes'
import { loadStrings, pickLanguage } from './strings'

const MOST_WAIT_MS = 400

await loadStrings(pickLanguage(getPrefs().language, navigator.languages))
// What is there in a moment is shown at once: a part that stood in its place would cost a rendering and a paint.
const answers = () => Promise.allSettled([router.load(), queryClient.prefetchQuery(meQuery)]).then(() => firstAnswers)
// At the doors nobody is known yet, and index.html does not ask who is there.
const first = isAskedEarly('/v1/auth/me') ? answers() : router.load()
await Promise.race([first, new Promise((done) => setTimeout(done, MOST_WAIT_MS))])
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
