import type { AlertGroupMember } from '../../../contracts';
import { formatTime } from '../format';
import { Severity } from './severity';

interface Properties {
  members: readonly AlertGroupMember[];
  /** Alert ids that are ticked: those that do not belong. */
  chosen: ReadonlySet<string>;
  onChoose: (alertId: string, chosen: boolean) => void;
}

/** The alerts of a group with the part that each one plays, and why. */
export function MemberTable({ members, chosen, onChoose }: Properties) {
  return (
    <div class="scroll">
      <table class="members">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">Does not belong</span>
            </th>
            <th scope="col">Alert</th>
            <th scope="col">Service</th>
            <th scope="col">Severity</th>
            <th scope="col">Started</th>
            <th scope="col">Part</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.alertId} class={member.role === 'primary' ? '' : 'lesser'}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`${member.name} of ${member.service ?? 'no service'} does not belong`}
                  checked={chosen.has(member.alertId)}
                  onChange={(event) => onChoose(member.alertId, event.currentTarget.checked)}
                />
              </td>
              <th scope="row">
                {member.name}
                {member.description !== '' && <small class="under">{member.description}</small>}
              </th>
              <td>
                {member.node?.name ?? member.service ?? '–'}
                <small class="under">{member.resource}</small>
              </td>
              <td>
                <Severity severity={member.severity} />
              </td>
              <td>
                {formatTime(member.startsAt)}
                <small class="under">{member.status}</small>
              </td>
              <td>
                <span class={`badge role-${member.role}`}>{member.role}</span>
                <small class="under">{member.reason}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
