import type { Job, ListJobsResponse, WatchJobsResponse } from '../gen/rootstock/registry/v1/job_pb';

/** A list of jobs whose first page is watched. */
export interface JobList {
  jobs: Job[];
  /** Jobs of the watched page, the first ones. */
  watched: number;
  /** Token of the page after these jobs; empty: all jobs are loaded. */
  next: string;
}

/** The list after a message of the watch. */
export function withChanges(list: JobList | undefined, message: WatchJobsResponse): JobList {
  const known = new Map([...(list?.jobs ?? []), ...message.jobs].map((job) => [job.name, job]));
  const page = message.names.flatMap((name) => known.get(name) ?? []);
  if (list === undefined || list.jobs.length <= list.watched) {
    return { jobs: page, watched: page.length, next: message.nextPageToken };
  }
  // Later pages are loaded too: jobs that newer ones have pushed off the watched page stay in the list.
  const names = new Set(message.names);
  const last = list.jobs.findLastIndex((job, index) => index < list.watched && names.has(job.name));
  const later = list.jobs.slice(last + 1).filter((job) => !names.has(job.name));
  return { jobs: [...page, ...later], watched: page.length, next: list.next };
}

/** The list with the page after it. */
export function withPage(list: JobList, page: ListJobsResponse): JobList {
  const known = new Set(list.jobs.map((job) => job.name));
  const jobs = [...list.jobs, ...page.jobs.filter((job) => !known.has(job.name))];
  return { jobs, watched: list.watched, next: page.nextPageToken };
}
