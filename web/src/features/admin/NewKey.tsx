import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { rolesQuery, useKeys } from '../../api/queries/admin'
import type { RoleOut } from '../../api/schema'
import { words } from '../../strings/pages/admin'
import { permissionWords } from '../../strings/pages/permissions'
import { Button } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import Dialog from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { Segmented } from '../../ui/Segmented'
import { MadeKey } from './MadeKey'

const EXPIRY_DAYS = { never: undefined, month: 30, quarter: 90, year: 365 } as const
type Expiry = keyof typeof EXPIRY_DAYS
const EXPIRIES = (Object.keys(EXPIRY_DAYS) as Expiry[]).map((value) => ({ value, label: words.expiry[value] }))
const ROLES = (['machine', 'agent', 'lead', 'admin', 'auditor'] as const).map((value) => ({ value, label: words.roles[value] }))

const inDays = (days: number | undefined): string | undefined => (days ? new Date(Date.now() + days * 86_400_000).toISOString() : undefined)

/** Makes a key with what its role may do, or with some of it. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const { create } = useKeys()
  const { data: roles } = useQuery(rolesQuery)
  const [role, setRole] = useState<RoleOut['role']>('machine')
  const [which, setWhich] = useState<'all' | 'some'>('all')
  const [scopes, setScopes] = useState<readonly string[]>([])
  const [expiry, setExpiry] = useState<Expiry>('year')
  const lendable = roles?.find((one) => one.role === role)?.lendable ?? []
  const chosen = scopes.filter((scope) => lendable.includes(scope))
  const fields = create.error instanceof ApiError ? create.error.fields : {}
  const toggle = (scope: string) => setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope])
  const submit = (form: FormData) =>
    create.mutate({ name: String(form.get('name')), role, ...(which === 'some' && { scopes: chosen }), ...(expiry !== 'never' && { expires_at: inDays(EXPIRY_DAYS[expiry]) }) })
  if (create.data) return <MadeKey made={create.data} onClose={onClose} />
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={words.keyNewTitle}>
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); submit(new FormData(event.currentTarget)) }}>
        <TextField label={words.name} name="name" required maxLength={200} autoComplete="off" hint={words.keyNameHint} error={fields.name} />
        <div>
          <SelectField label={words.role} options={ROLES} value={role} onChange={(event) => setRole(event.target.value as typeof role)} />
          <p className="mt-1 text-xs text-fg-3">{words.roleHints[role]}</p>
        </div>
        <SelectField label={words.expires} options={EXPIRIES} value={expiry} onChange={(event) => setExpiry(event.target.value as Expiry)} />
        <Segmented label={words.scopes} value={which} onChange={setWhich} options={[{ value: 'all', label: words.scopesAll }, { value: 'some', label: words.scopesSome }]} />
        {which === 'some' && (
          <fieldset className="max-h-72 overflow-y-auto rounded-md border border-line p-1.5">
            <legend className="sr-only">{words.scopes}</legend>
            {lendable.map((scope) => <CheckRow key={scope} label={<span className="grid py-0.5 text-xs">{permissionWords(scope)}<code className="font-mono text-2xs text-fg-3">{scope}</code></span>} checked={scopes.includes(scope)} onChange={() => toggle(scope)} />)}
          </fieldset>
        )}
        {create.error && !fields.name && <p role="alert" className="text-xs text-critical">{fields.scopes ?? sentence(create.error)}</p>}
        <Button type="submit" variant="primary" large disabled={create.isPending || (which === 'some' && chosen.length === 0)}>{words.keyMake}</Button>
      </form>
    </Dialog>
  )
}
