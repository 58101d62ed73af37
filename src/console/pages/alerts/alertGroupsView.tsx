import { useState } from 'preact/hooks';
import type { AlertGroupList, AlertGroupSummary } from '../../../contracts';
import { formatCount, formatShare, formatTime } from '../format';
import { useLoaded } from '../load';
import { Notice } from '../notice';
import { linkTo } from '../route';
import { alertApi, groupsOfPage, type GroupFilter } from './alertApi';
import { Severity } from './severity';

const refreshMs = 30_000;
const windows = [
  { hours: 24, title: 'last day' },
  { hours: 168, title: 'last 7 days' },
  { hours: 720, title: 'last 30 days' },
  { hours: 8_760, title: 'last year' },
] as const;
const states = [
  { state: undefined, title: 'open and resolved' },
  { state: 'open', title: 'open' },
  { state: 'resolved', title: 'resolved' },
] as const;

/** Alert storms as ranked groups. */
export function AlertGroupsView() {
  const [filter, setFilter] = useState<GroupFilter>({ hours: 168, state: undefined, text: '', offset: 0 });
  const loaded = useLoaded(
    `alert groups ${JSON.stringify(filter)}`,
    (signal) => alertApi.groups(filter, signal),
    refreshMs,
  );
  return (
    <>
      <div class="title-row">
        <h1>Alert groups</h1>
        <Filters filter={filter} onFilter={setFilter} />
      </div>
      {loaded.state === 'ready' ? (
        <Groups list={loaded.value} filter={filter} onFilter={setFilter} />
      ) : (
        <Notice loaded={loaded} what="alert groups" />
      )}
    </>
  );
}

interface FilterProperties {
  filter: GroupFilter;
  onFilter: (filter: GroupFilter) => void;
}

function Filters({ filter, onFilter }: FilterProperties) {
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget).get('text');
        onFilter({ ...filter, text: typeof text === 'string' ? text.trim() : '', offset: 0 });
      }}
    >
      <input name="text" type="search" aria-label="Words of the name" placeholder="Words of the name" />
      <select
        aria-label="State"
        value={filter.state ?? ''}
        onChange={(event) => {
          const chosen = states.find(({ state }) => (state ?? '') === event.currentTarget.value);
          onFilter({ ...filter, state: chosen?.state, offset: 0 });
        }}
      >
        {states.map(({ state, title }) => (
          <option key={title} value={state ?? ''}>
            {title}
          </option>
        ))}
      </select>
      <select
        aria-label="Time"
        value={filter.hours}
        onChange={(event) => onFilter({ ...filter, hours: Number(event.currentTarget.value), offset: 0 })}
      >
        {windows.map(({ hours, title }) => (
          <option key={hours} value={hours}>
            {title}
          </option>
        ))}
      </select>
    </form>
  );
}

function Groups({ list, filter, onFilter }: { list: AlertGroupList } & FilterProperties) {
  const { run, groups, total } = list;
  if (!run) {
    return (
      <p class="notice">
        Nothing has been grouped yet. Send alerts to <code>POST /api/alerts</code> and the service graph to{' '}
        <code>PUT /api/service-graph</code>, or run <code>npx quarterdeck alerts</code>.
      </p>
    );
  }
  return (
    <section aria-labelledby="groups-title">
      <h2 id="groups-title">{total === 1 ? '1 group' : `${formatCount(total)} groups`}</h2>
      <RunSummary run={run} />
      {groups.length === 0 ? (
        <p class="notice">No group fits. Look further back, or leave the words out.</p>
      ) : (
        <GroupTable groups={groups} />
      )}
      {total > groupsOfPage && <Pages total={total} filter={filter} onFilter={onFilter} />}
    </section>
  );
}

function RunSummary({ run }: { run: NonNullable<AlertGroupList['run']> }) {
  const parts = [
    `${formatCount(run.alerts)} alerts in ${formatCount(run.groups)} groups`,
    ...(run.noiseReduction === null ? [] : [`${formatShare(run.noiseReduction)} less to read`]),
    `${formatCount(run.duplicates)} repeats`,
    `${formatCount(run.symptoms)} symptoms`,
    ...(run.unmapped > 0 ? [`${formatCount(run.unmapped)} of services that the graph does not have`] : []),
    ...(run.suppressed > 0 ? [`${formatCount(run.suppressed)} in maintenance`] : []),
  ];
  return (
    <p class="hint" role="status">
      Last run, {formatTime(run.at)}: {parts.join(', ')}.
    </p>
  );
}

function GroupTable({ groups }: { groups: readonly AlertGroupSummary[] }) {
  return (
    <div class="scroll">
      <table class="groups">
        <thead>
          <tr>
            <th scope="col" class="numeric">
              Rank
            </th>
            <th scope="col">Group</th>
            <th scope="col">Likely cause</th>
            <th scope="col" class="numeric">
              Importance
            </th>
            <th scope="col">Worst</th>
            <th scope="col" class="numeric">
              Alerts
            </th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow key={group.id} group={group} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GroupRow({ group }: { group: AlertGroupSummary }) {
  const services = group.topServices.map(({ name }) => name).join(', ');
  return (
    <tr>
      <td class="numeric">{group.rank}</td>
      <th scope="row">
        <a href={linkTo.alerts(group.id)}>{group.name}</a>
        <small class="under">{services === '' ? 'no known service' : services}</small>
      </th>
      <td>{group.rootCause?.name ?? '–'}</td>
      <td class="numeric">
        {formatCount(Math.round(group.importance))}
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${Math.round(group.importance)}%` }} />
        </span>
      </td>
      <td>
        <Severity severity={group.severity} />
      </td>
      <td class="numeric">
        {formatCount(group.alerts)}
        <small class="under">{formatCount(group.primaries)} to read</small>
      </td>
      <td>
        {formatTime(group.startedAt)}
        <small class="under">{group.state === 'open' ? 'open' : `until ${formatTime(group.endedAt)}`}</small>
      </td>
    </tr>
  );
}

function Pages({ total, filter, onFilter }: { total: number } & FilterProperties) {
  const { offset } = filter;
  const to = (next: number): void => onFilter({ ...filter, offset: next });
  return (
    <p class="pages">
      <button class="verdict" disabled={offset === 0} onClick={() => to(Math.max(0, offset - groupsOfPage))}>
        Earlier ranks
      </button>{' '}
      {formatCount(offset + 1)} to {formatCount(Math.min(total, offset + groupsOfPage))}{' '}
      <button
        class="verdict"
        disabled={offset + groupsOfPage >= total}
        onClick={() => to(offset + groupsOfPage)}
      >
        Later ranks
      </button>
    </p>
  );
}
