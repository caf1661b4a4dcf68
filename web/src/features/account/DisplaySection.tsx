import { Monitor, Moon, Sun } from 'lucide-react'
import { setPrefs, usePrefs } from '../../app/prefs'
import { LANGUAGES, language } from '../../strings'
import { overlays } from '../../strings/pages/overlays'
import { words } from '../../strings/pages/account'
import { SelectField, Switch } from '../../ui/Field'
import { Section } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'

const ICONS = { system: <Monitor size={13} aria-hidden />, light: <Sun size={13} aria-hidden />, dark: <Moon size={13} aria-hidden /> }

/** How this device shows the console. */
export function DisplaySection() {
  const prefs = usePrefs()
  const themes = (['system', 'light', 'dark'] as const).map((value) => ({ value, label: words.themes[value], icon: ICONS[value] }))
  const densities = (['comfortable', 'compact'] as const).map((value) => ({ value, label: words.densities[value] }))
  const languages = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))
  const speak = (code: string) => {
    setPrefs({ language: code })
    location.reload()
  }
  return (
    <Section title={words.display} hint={words.displayHint}>
      <div className="space-y-4">
        <div className="flex flex-wrap gap-x-8 gap-y-3">
          <Segmented label={words.theme} options={themes} value={prefs.theme} onChange={(theme) => setPrefs({ theme })} />
          <Segmented label={words.density} options={densities} value={prefs.density} onChange={(density) => setPrefs({ density })} />
        </div>
        <SelectField className="max-w-[12.5rem]" label={words.language} options={languages} value={language} onChange={(event) => speak(event.target.value)} />
        <Switch label={overlays.helpSingleKeys} hint={overlays.helpSingleKeysHint} checked={prefs.singleKeys} onChange={(on) => setPrefs({ singleKeys: on })} />
      </div>
    </Section>
  )
}
