import type {
  AlertGroupDetail,
  AlertGroupList,
  GroupFeedbackAnswer,
  GroupFeedbackBody,
  GroupTimeline,
} from '../../../contracts';
import { get, post, query } from '../api';

export interface GroupFilter {
  readonly hours: number;
  readonly state: 'open' | 'resolved' | undefined;
  readonly text: string;
  readonly offset: number;
}

/** Groups on one page of the list. */
export const groupsOfPage = 50;
/** Alerts of a group that are listed at once. */
export const membersOfPage = 100;

const pathOf = (id: string): string => `/api/alert-groups/${encodeURIComponent(id)}`;

/** What the pages on alerts ask for. */
export const alertApi = {
  groups: ({ hours, state, text, offset }: GroupFilter, signal: AbortSignal) =>
    get<AlertGroupList>(
      `/api/alert-groups?${query({
        hours: String(hours),
        limit: String(groupsOfPage),
        offset: String(offset),
        ...(state && { state }),
        ...(text !== '' && { text }),
      })}`,
      signal,
    ),
  group: (id: string, offset: number, signal: AbortSignal) =>
    get<AlertGroupDetail>(
      `${pathOf(id)}?${query({ members: String(membersOfPage), offset: String(offset) })}`,
      signal,
    ),
  timeline: (id: string, signal: AbortSignal) => get<GroupTimeline>(`${pathOf(id)}/timeline`, signal),
  say: (id: string, feedback: GroupFeedbackBody, signal: AbortSignal) =>
    post<GroupFeedbackAnswer>(`${pathOf(id)}/feedback`, feedback, signal),
};
