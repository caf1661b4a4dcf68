import type { DeskReport } from '../../api/schema'
import { Calibration } from '../../charts/Calibration'
import { ChartCard, Nothing } from '../../charts/ChartCard'
import { percent } from '../../lib/text'
import { words } from '../../strings/pages/analytics'
import { Group, Parts, bars } from './Charts'
import type { Sheets } from './sheets'

/** With fewer forecasts than these no share is told. */
const FEW = 10

/** What the copilot is worth: what agents did with its drafts, whether these stood on sources, and forecasts beside what came. */
export function CopilotCharts({ report, sheets, file }: { report: DeskReport; sheets: Sheets; file: string }) {
  const { figures: { copilot }, groundedness, forecasts } = report
  const distance = copilot.mean_edit_distance
  return (
    <Group title={words.sections.copilot}>
      <Parts
        sheet={sheets.copilot} file={`${file}-drafts`} nothing={words.noDrafts}
        hint={[words.copilotHint(copilot.issues), distance !== null && words.editDistance(percent(distance))].filter(Boolean).join(' ')}
        rows={bars([['accepted', 'ok'], ['edited', 'accent'], ['rejected', 'critical'], ['unanswered', 'low']], words.outcomes, copilot)}
      />
      <Parts
        sheet={sheets.grounded} file={`${file}-sources`} nothing={words.noDrafts} hint={words.groundedHint(groundedness.read)}
        rows={bars([['grounded', 'ok'], ['repaired', 'medium'], ['doubtful', 'critical']], words.groundedKinds, groundedness)}
      />
      <Parts
        sheet={sheets.times} file={`${file}-time-forecasts`} nothing={words.noForecasts} hint={timesHint(forecasts)}
        rows={bars([['sooner', 'medium'], ['within', 'ok'], ['later', 'high']], words.timesKinds, forecasts.times)}
      />
      <Risks forecasts={forecasts} sheets={sheets} file={file} />
    </Group>
  )
}

function Risks({ forecasts, sheets, file }: { forecasts: DeskReport['forecasts']; sheets: Sheets; file: string }) {
  const points = forecasts.risks.flatMap(({ mean_forecast: forecast, dissatisfied, rated }) => (forecast === null ? [] : [{ forecast, hits: dissatisfied, count: rated }]))
  const rated = points.reduce((sum, { count }) => sum + count, 0)
  return (
    <ChartCard sheet={sheets.risks} file={`${file}-risk-forecasts`} hint={rated ? words.risksHint(rated) : undefined}>
      {rated ? <Calibration label={words.risksLabel(rated)} readLabel={words.readRisks} points={points} /> : <Nothing>{words.noRisks}</Nothing>}
    </ChartCard>
  )
}

function timesHint({ times, read, resolved }: DeskReport['forecasts']): string {
  const { compared, within, expected_share: expected } = times
  const told = expected !== null && compared >= FEW
    ? words.timesToldHint(percent(within / compared), percent(expected), compared)
    : `${words.timesToldCount(compared)} ${words.timesToldFew}`
  return read < resolved ? `${told} ${words.newestOf(read, resolved)}` : told
}
