import { useQuery } from '@tanstack/react-query'
import { Check, Minus } from 'lucide-react'
import { rolesQuery } from '../../api/queries/admin'
import type { RoleOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { words } from '../../strings/pages/admin'
import { permissionWords } from '../../strings/pages/permissions'
import { Skeleton } from '../../ui'
import { SideScroll } from '../../ui/SideScroll'
import { Table, type Column } from '../../ui/Table'

/** The table of permissions, as the server has it. */
export function RolesPart() {
  const { data: roles, error, refetch } = useQuery(rolesQuery)
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!roles) return <Skeleton className="p-0" rows={12} />
  const permissions = [...new Set(roles.flatMap((role) => role.permissions))].sort()
  return (
    <>
      <p className="mb-3 max-w-[68ch] text-fg-3">{words.rolesHint}</p>
      <SideScroll label={words.parts.roles} className="max-w-[61.25rem]">
        <Table label={words.parts.roles} columns={[PERMISSION, ...roles.map(columnOf)]} rows={permissions} keyOf={(name) => name} />
      </SideScroll>
    </>
  )
}

const PERMISSION: Column<string> = { id: 'permission', title: words.permission, className: 'sticky left-0 bg-panel', cell: (name) => <span title={name} className="block min-w-44 sm:min-w-52">{permissionWords(name)}</span> }

const columnOf = ({ role, permissions }: RoleOut): Column<string> => ({
  id: role,
  title: words.roles[role],
  className: 'text-center min-w-16 sm:min-w-20',
  cell: (name) => {
    const may = permissions.includes(name)
    const Icon = may ? Check : Minus
    return <span className={may ? 'text-ok' : 'text-line-strong'}><Icon size={15} aria-hidden className="inline" /><span className="sr-only">{may ? words.may : words.mayNot}</span></span>
  },
})
