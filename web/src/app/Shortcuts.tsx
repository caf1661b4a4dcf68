import { t } from '../strings'
import { overlays } from '../strings/pages/overlays'
import { Kbd } from '../ui'
import Dialog from '../ui/Dialog'
import { Switch } from '../ui/Field'
import { useAllCommands, type CommandGroup } from './commands'
import { setPrefs, usePrefs } from './prefs'

const ORDER: readonly CommandGroup[] = ['page', 'list', 'issue', 'compose', 'copilot', 'navigate', 'app']

/** All keys that work here and now, from the same registry that runs them. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const commands = useAllCommands()
  const { singleKeys } = usePrefs()
  return (
    <Dialog open onOpenChange={onClose} title={t.app.helpTitle} hint={overlays.helpHint} className="sm:!w-[min(47.5rem,94vw)]">
      <div className="p-4">
        <Switch label={overlays.helpSingleKeys} hint={overlays.helpSingleKeysHint} checked={singleKeys} onChange={(on) => setPrefs({ singleKeys: on })} />
      </div>
      <div className="columns-1 gap-8 px-4 pb-4 sm:columns-2">
        {ORDER.map((group) => {
          const rows = commands.filter((command) => command.group === group && command.keys?.length)
          return rows.length > 0 && (
            <section key={group} className="mb-4 break-inside-avoid">
              <h3 className="mb-1 text-2xs font-medium text-fg-3">{overlays.group[group]}</h3>
              <dl>
                {rows.map((command) => (
                  <div key={command.id} className="flex min-h-7 items-center justify-between gap-3">
                    <dt>{command.label}</dt>
                    <dd className="flex gap-2">{command.keys?.map((keys) => <Kbd key={keys} keys={keys} />)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}
